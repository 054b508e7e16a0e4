import type { Answer } from './answer.ts';

/**
 * Qualys says for certain that it does not serve the version of the API that was asked, so that nothing was done.
 * Never leaves this room: `ApiVersions` goes on to another version.
 */
export class VersionGoneError extends Error {
  override readonly name = 'VersionGoneError';
}

/** What a path gets that is not, or no longer, served: which of them Qualys gives is not known. */
const GONE = new Set([404, 405, 410]);
/** Faults of parameters, limits, maintenance and the program (API guide, appendix on errors): they say nothing of versions. */
const OTHER_FAULTS = new Set([999, 1901, 1903, 1904, 1905, 1908, 1920, 1960, 1965, 1981, 1999]);
const ENDED =
  /no longer|not (?:available|served|supported|valid)|unsupported|unavailable|unknown|invalid|deprecated|retired|removed|discontinued|sunset|end.of.(?:life|support|service)|\beo[ls]\b/i;

/** Whether the answer says that this version of the API is gone: in its status, or in a document that speaks of it. */
export function saysVersionGone({ status, fault, items }: Answer): boolean {
  // What names a report or the like was done, whatever its status.
  if (fault === undefined) return GONE.has(status) && items.size === 0;
  const { number, text } = fault;
  if (OTHER_FAULTS.has(number) || (number >= 2000 && number <= 2012)) return false;
  // A parameter's value, which is quoted then, may speak of versions too.
  return GONE.has(status) || (!/^parameter /i.test(text) && /version/i.test(text) && ENDED.test(text));
}
