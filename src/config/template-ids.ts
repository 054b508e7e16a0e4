import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';

const failure = failures(ExitCode.failed);

const TemplateIdsError = failure('QC7201', (list: string, what: string) => [
  `${shown(list)} is not a list of template ids: ${what}.`,
  'Join the ids with commas, without blanks: 424242,535353.',
]);

/** What is more than numbers may have strayed here, a part of a password even. */
function shown(word: string): string {
  return /^[-\d,\s]*$/.test(word) ? `'${word}'` : '***';
}

/** The ids of `424242,535353`, in their order. @throws TemplateIdsError */
export function parseTemplateIds(list: string): string[] {
  const ids = list.split(',');
  if (/\s/.test(list)) throw new TemplateIdsError(list, 'there is a blank in it');
  if (ids.includes('')) throw new TemplateIdsError(list, 'one of them is empty');
  const wrong = ids.find((id) => !/^[1-9]\d{0,17}$/.test(id));
  if (wrong !== undefined) throw new TemplateIdsError(list, `${shown(wrong)} is not a template's number`);
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  if (doubled !== undefined) throw new TemplateIdsError(list, `${doubled} is there twice`);
  return ids;
}
