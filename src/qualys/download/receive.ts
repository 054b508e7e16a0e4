import { type Answer, readAnswer } from '../answers/answer.ts';
import { readSmall } from '../connection/read-small.ts';
import type { QualysResponse } from '../connection/call.ts';
import { type DocumentStart, readDocumentStart } from '../../xml/document-start.ts';
import { PEEK, peek, rejoined } from '../answers/peek.ts';
import { ReportCutOffError } from '../connection/errors.ts';
import { UnexpectedDocumentError } from './errors.ts';
import type { Spool } from '../spool/spool.ts';
import { TransientError } from '../retry/transient.ts';
import { isZip, readZippedReport } from '../spool/zipped-report.ts';

const REPORT_ROOT = 'ASSET_DATA_REPORT';
const REPORT_END = /<\/ASSET_DATA_REPORT\s*>|<ASSET_DATA_REPORT\s*\/>/;

/**
 * Stores the body if it is a report, whole and closed; otherwise returns it, read as the small answer it is.
 * @throws TransientError when the body breaks off or lacks its end
 * @throws UnexpectedDocumentError when a zip file holds something else
 */
export async function receiveReport(
  response: QualysResponse,
  spool: Spool,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { body } = response;
  try {
    const { head, start } = await peek(body);
    const whole = rejoined(head, body);
    if (isZip(head)) {
      await storeZipped(whole, spool, signal);
    } else if (isReport(start)) {
      await spool.expect(response.length ?? 0);
      await spool.report.store(whole);
    } else {
      return readAnswer(response, await readSmall(whole));
    }
    await checkStored(spool);
    return undefined;
  } finally {
    await body.return?.();
  }
}

/** The root alone does not tell: an error can stand inside the report's own root. */
function isReport(start: DocumentStart): boolean {
  return start.root === REPORT_ROOT && start.firstChild !== 'ERROR';
}

async function storeZipped(whole: AsyncIterable<Buffer>, spool: Spool, signal: AbortSignal): Promise<void> {
  await spool.zip.store(whole);
  const expect = (bytes: number): Promise<void> => spool.expect(bytes);
  await spool.report.store(readZippedReport(spool.zip.file, { expect, signal }));
  const { start } = await spool.report.ends(PEEK);
  const { root } = readDocumentStart(start, true);
  if (root !== REPORT_ROOT) throw new UnexpectedDocumentError(root ?? '');
}

/** A body ended only by the connection's close looks whole to HTTP: the closing root tag tells. */
async function checkStored(spool: Spool): Promise<void> {
  const { end } = await spool.report.ends(PEEK);
  if (REPORT_END.test(end)) return;
  const last = new ReportCutOffError(`its closing tag is missing after ${spool.report.bytes} bytes`);
  throw new TransientError(last, { maybeDone: true, tries: 5 });
}
