import type { DownloadSession } from './session.ts';
import { explainTemplate } from './explain-template.ts';
import { originOf } from '../answers/ask.ts';
import { persist } from '../retry/persist.ts';
import { receiveReport } from './receive.ts';
import { refusedReport } from './refused-report.ts';

/**
 * API v1: one call that generates the report and answers with it, silent until then. Nothing stays on the server,
 * and a download that breaks off has to be generated anew.
 */
export async function downloadAtOnce(session: DownloadSession): Promise<undefined> {
  const { access, connection, spool, budget, download } = session;
  const path = `/msp/asset_data_report.php?${new URLSearchParams({ template_id: access.templateId }).toString()}`;
  const doing = `fetching the report of template ${access.templateId} (api: v1)`;
  session.doing(doing);
  let explained = false;

  async function attempt(): Promise<void> {
    // Silent until the report is generated: report_timeout is what ends that.
    const call = { method: 'GET', path, silence: access.reportTimeout } as const;
    const response = await connection.call(call, budget.signal, download.watch);
    const answer = await receiveReport(response, spool, budget.signal);
    if (answer !== undefined) throw refusedReport(answer, originOf(connection, doing));
  }

  async function explain(error: unknown): Promise<never> {
    const better = explained ? undefined : await explainTemplate(session, error);
    explained = true;
    throw better ?? error;
  }

  await persist(session, doing, () => attempt().catch(explain));
  return undefined;
}
