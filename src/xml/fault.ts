import { oneLine } from '../text/one-line.ts';
import { childrenNamed, descendants, textOf, type XmlNode } from './node.ts';

/** An error as Qualys reports it, in whichever of its vocabularies. */
export interface Fault {
  readonly number: number;
  readonly text: string;
  /** As it stood in the document, e.g. `<CODE>999</CODE> <TEXT>Internal error. …</TEXT>`. */
  readonly raw: string;
}

/** Whether that root is of a document that says only how a call ended. */
export function isReturn(root: string | undefined): boolean {
  return root === 'SIMPLE_RETURN' || root === 'GENERIC_RETURN';
}

/**
 * The error that a document tells. SIMPLE_RETURN and its like: a CODE of digits. GENERIC_RETURN: a RETURN that
 * FAILED. Any root: an ERROR with number. What is not well-formed, as one that Qualys itself printed, by its text.
 * @param root the root element, an empty one where the document could not be parsed
 * @param beginning of the document; its length bounds what a hostile one can cost
 */
export function findFault(root: XmlNode, beginning: string): Fault | undefined {
  return faultInResponse(root) ?? faultInReturn(root) ?? faultInError(root) ?? faultByText(beginning);
}

function faultInResponse(root: XmlNode): Fault | undefined {
  // A success sentence may stand in CODE (observed with templates).
  const failed = childrenNamed(root, 'RESPONSE').find((response) => /^\d+$/.test(textOf(response, 'CODE')));
  if (failed === undefined) return undefined;
  return fault(
    textOf(failed, 'CODE'),
    textOf(failed, 'TEXT'),
    (code, words) => `<CODE>${code}</CODE> <TEXT>${words}</TEXT>`,
  );
}

function faultInReturn(root: XmlNode): Fault | undefined {
  const failed = descendants(root, 'RETURN').find(
    (node) => textOf(node, '@status') !== 'SUCCESS' && /^\d+$/.test(textOf(node, '@number')),
  );
  if (failed === undefined) return undefined;
  const messages = descendants(root, 'MESSAGE').map((message) => textOf(message));
  return fault(
    textOf(failed, '@number'),
    textOf(failed) || messages.join(' '),
    (number, words) => `<RETURN status="FAILED" number="${number}">${words}</RETURN>`,
  );
}

function faultInError(root: XmlNode): Fault | undefined {
  const [failed] = childrenNamed(root, 'ERROR');
  if (failed === undefined) return undefined;
  return fault(
    textOf(failed, '@number') || '0',
    textOf(failed),
    (number, words) => `<ERROR number="${number}">${words}</ERROR>`,
  );
}

function faultByText(text: string): Fault | undefined {
  const found =
    /<RETURN[^<>]{0,999}?number\s*=\s*"(\d+)"[^<>]{0,999}>([^<]*)/.exec(text) ??
    /<CODE>\s*(\d+)\s*<\/CODE>\s*<TEXT>([^<]*)/.exec(text);
  const [raw, number, words = ''] = found ?? [];
  if (raw === undefined || number === undefined) return undefined;
  if (/<RETURN[^<>]{0,999}?status\s*=\s*"SUCCESS"/.test(text)) return undefined;
  return fault(number, words, () => oneLine(raw, 500));
}

function fault(number: string, text: string, raw: (number: string, text: string) => string): Fault {
  const words = oneLine(text, 500);
  return { number: Number(number), text: words, raw: raw(oneLine(number, 20), words) };
}
