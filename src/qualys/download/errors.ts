import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { oneLine } from '../../text/one-line.ts';

const failure = failures(ExitCode.failed);

/** Qualys says that generating the report failed. */
export const ReportFailedError = failure('QC3033', (id: string, message: string) => [
  `Qualys could not generate the report ${id}: state Errors${message === '' ? '' : `, ${message}`}.`,
  'Run the template once in the Qualys web interface; if it fails there too, ask Qualys support.',
]);

/** Somebody canceled the report. */
export const ReportCanceledError = failure('QC3034', (id: string) => [
  `The report ${id} was canceled in Qualys while it was being generated.`,
  'Run again, and leave the report alone until the run has ended.',
]);

/** The report is no longer, or never was, in Qualys' list. */
export const ReportVanishedError = failure('QC3035', (id: string) => [
  `The report ${id} was launched but is not in Qualys' list of reports.`,
  'Somebody may have deleted it, or the storage for reports is full: look under Reports in Qualys, then run again.',
]);

/** The list says Finished, the fetch says no (7001). */
export const ReportNotFetchableError = failure('QC3036', (id: string, said: string) => [
  `Qualys says that the report ${id} is finished, but does not hand it out: ${said}.`,
  'Report Share must be enabled for the subscription; where it is not available, set "api: v1".',
]);

/** A document came that is not a report of hosts and findings. */
export const UnexpectedDocumentError = failure('QC3037', (root: string) => [
  `Qualys sent a document <${oneLine(root, 100)}>, not an asset data report (<ASSET_DATA_REPORT>).`,
  'Use a host based scan template (Auto/Scan) as template_id.',
]);

/** The time for the whole download has run out. */
export const ReportTimeOutError = failure(
  'QC3038',
  (seconds: number, doing: string, trouble: string | undefined) => [
    `Qualys delivered no report within ${seconds} seconds (report_timeout); the time ran out while ${doing}.${trouble === undefined ? '' : ` Last trouble: ${trouble}`}`,
    'Set a longer report_timeout if the report is big; otherwise see the last trouble, or whether Qualys has an outage.',
  ],
);
