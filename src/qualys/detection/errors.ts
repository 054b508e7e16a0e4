import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

const failure = failures(ExitCode.failed);

/** The account may not use the interface (2012, 403). */
export const DetectionNotAllowedError = failure('QC3201', (said: string) => [
  `The account may not read host detections. ${said}`,
  'Ask your Qualys manager to allow API access for this user (Users, Edit, User Role) and to give it hosts of VM, or the OAuth client the use of VM.',
]);

/** What is asked for is refused: the name of an asset group or tag, or a filter. */
export const DetectionRefusedError = failure('QC3202', (said: string) => [
  `The host detections are not listed. ${said}`,
  'Check what chooses hosts and findings: ips, asset_groups (all by number, or all by title), tags (spelled as in Qualys), min_qds, superseded, scanned_within_days.',
]);

/** A page ends too early or is no XML, again and again. */
export const PageBrokenError = failure('QC3203', (what: string) => [
  `A page of the host detections came broken: ${what}.`,
  'Check for a proxy or firewall that limits the size or time of downloads, or set a smaller page_size; then run again.',
]);

/** The pages would never come to an end. */
export const PagesStandStillError = failure('QC3204', (from: number, next: string) => [
  `The pages of host detections do not go on: for what follows host id ${from}, Qualys names ${next}.`,
  'Nothing was sent. Run again; if it stays, give Qualys support these words.',
]);

/** One host is enough to make a page fail. */
export const HostStallsError = failure('QC3205', (host: string, said: string) => [
  `The detections of one host do not come, though it was asked for alone: ${host}. Last trouble: ${said}`,
  'Nothing was sent. Leave that host out (by ips, asset_groups or exclude_tags), or set a longer response_timeout; Qualys support can say what is wrong with it.',
]);

/** The time for reading all of it has run out. */
export const DetectionTimeOutError = failure(
  'QC3206',
  (seconds: number, doing: string, trouble: string | undefined) => [
    `The host detections did not come within ${seconds} seconds (report_timeout); the time ran out while ${doing}.${trouble === undefined ? '' : ` Last trouble: ${trouble}`}`,
    'Nothing was sent. Set a longer report_timeout if there are many hosts; otherwise see the last trouble, or whether Qualys has an outage.',
  ],
);
