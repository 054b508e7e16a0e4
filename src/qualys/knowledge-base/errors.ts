import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

const failure = failures(ExitCode.failed);

/** The subscription lacks the right to it (2012, 403). */
export const KnowledgeBaseNotAllowedError = failure('QC3231', (said: string) => [
  `The account may not use the KnowledgeBase API, which names what was found. ${said}`,
  'Ask Qualys Support, or your Qualys account manager, to switch on the KnowledgeBase API for your subscription. Until then use a report template (source: report): without CVE ids no finding can raise an impact flag.',
]);

export const KnowledgeBaseRefusedError = failure('QC3232', (said: string) => [
  `Qualys' KnowledgeBase does not answer. ${said}`,
  'Check kb_api_version and the rights of the account in Qualys.',
]);

/** Findings without title and CVE would take the place of those that are there. */
export const KnowledgeBaseKnowsNoneError = failure('QC3216', (qids: number) => [
  `Qualys' KnowledgeBase knows none of the ${qids} QIDs that were found, so that no finding would have a title or a CVE id.`,
  'Nothing was sent. Ask Qualys Support whether the KnowledgeBase API is whole for your subscription and this user; run again later, or use a report template (source: report).',
]);

/** Its answer ends too early or is no XML, again and again. */
export const KnowledgeBaseBrokenError = failure('QC3233', (what: string) => [
  `An answer of Qualys' KnowledgeBase came broken: ${what}.`,
  'Check for a proxy or firewall that limits the size or time of downloads; then run again.',
]);

/** One QID is enough to make an answer fail. */
export const QidStallsError = failure('QC3234', (qid: number, said: string) => [
  `Qualys' KnowledgeBase does not give QID ${qid}, though it was asked for alone. Last trouble: ${said}`,
  'Nothing was sent. Run again later, or set a longer response_timeout; if it stays, ask Qualys support about this QID.',
]);
