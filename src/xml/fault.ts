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
 * @param veil hides what must not be shown
 */
export function findFault(
  root: XmlNode,
  beginning: string,
  veil: (text: string) => string = (text) => text,
): Fault | undefined {
  const found = faultInResponse(root) ?? faultInReturn(root) ?? faultInError(root) ?? faultByText(beginning);
  if (found === undefined) return undefined;
  const words = oneLine(veil(found.text), 500);
  return { number: Number(found.number), text: words, raw: found.raw(oneLine(found.number, 20), words) };
}

/** An error as it was found, of any length and with whatever stands in it. */
interface Found {
  readonly number: string;
  readonly text: string;
  readonly raw: (number: string, words: string) => string;
}

function faultInResponse(root: XmlNode): Found | undefined {
  // A success sentence may stand in CODE (observed with templates).
  const failed = childrenNamed(root, 'RESPONSE').find((response) => /^\d+$/.test(textOf(response, 'CODE')));
  if (failed === undefined) return undefined;
  return {
    number: textOf(failed, 'CODE'),
    text: textOf(failed, 'TEXT'),
    raw: rawResponse,
  };
}

function faultInReturn(root: XmlNode): Found | undefined {
  const failed = descendants(root, 'RETURN').find(
    (node) => textOf(node, '@status') !== 'SUCCESS' && /^\d+$/.test(textOf(node, '@number')),
  );
  if (failed === undefined) return undefined;
  const messages = descendants(root, 'MESSAGE').map((message) => textOf(message));
  return {
    number: textOf(failed, '@number'),
    text: textOf(failed) || messages.join(' '),
    raw: rawReturn,
  };
}

function faultInError(root: XmlNode): Found | undefined {
  const [failed] = childrenNamed(root, 'ERROR');
  if (failed === undefined) return undefined;
  return {
    number: textOf(failed, '@number') || '0',
    text: textOf(failed),
    raw: (number, words) => `<ERROR number="${number}">${words}</ERROR>`,
  };
}

function faultByText(text: string): Found | undefined {
  const failed = /<RETURN[^<>]{0,999}?number\s*=\s*"(\d+)"[^<>]{0,999}>([^<]*)/.exec(text);
  const found = failed ?? /<CODE>\s*(\d+)\s*<\/CODE>\s*<TEXT>([^<]*)/.exec(text);
  const [, number, words = ''] = found ?? [];
  if (number === undefined || /<RETURN[^<>]{0,999}?status\s*=\s*"SUCCESS"/.test(text)) return undefined;
  return { number, text: words, raw: failed ? rawReturn : rawResponse };
}

function rawResponse(code: string, words: string): string {
  return `<CODE>${code}</CODE> <TEXT>${words}</TEXT>`;
}

function rawReturn(number: string, words: string): string {
  return `<RETURN status="FAILED" number="${number}">${words}</RETURN>`;
}
