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
/** Faults of limits, maintenance and accounts (API guide, appendix on errors): they say nothing of versions. */
const OTHER_FAULTS = new Set([1960, 1965, 1981, 1999]);
const ENDED =
  /no longer|not (?:available|served|supported|valid)|unsupported|unavailable|unknown|invalid|deprecated|retired|removed|discontinued|sunset|end.of.(?:life|support|service)|\beo[ls]\b/i;

/** Whether the answer says that this version of the API is gone: in its status, or in a document that speaks of it. */
export function saysVersionGone({ status, fault }: Answer): boolean {
  if (GONE.has(status)) return true;
  if (fault === undefined || OTHER_FAULTS.has(fault.number)) return false;
  if (fault.number >= 2000 && fault.number <= 2012) return false;
  // A parameter's value, which is quoted then, may speak of versions too.
  return !/^parameter /i.test(fault.text) && /version/i.test(fault.text) && ENDED.test(fault.text);
}
