import type { Check } from '../check.ts';
import type { ConnectorError } from '../connector-error.ts';
import type { ReportAccount } from './access.ts';
import type { Answer } from './answers/answer.ts';
import { ask } from './answers/ask.ts';
import { QualysApiNotAllowedError, QualysLoginRefusedError } from './answers/errors.ts';
import { quotaWords } from './answers/quota.ts';
import { reportCall } from './answers/report-call.ts';
import { kindOf, readTemplates, templateTrouble } from './answers/template-list.ts';
import {
  type CheckContext,
  type CheckMeans,
  checkOver,
  failed,
  reachQualys,
  SILENCE,
  step,
  versionDetail,
} from './check/steps.ts';
import type { QualysCall } from './connection/call.ts';
import type { QualysConnection } from './connection/connection.ts';

const TEMPLATES: QualysCall = { method: 'GET', path: '/msp/report_template_list.php', silence: SILENCE };

/**
 * Tries each step of a download but launches nothing: the way to Qualys, TLS, login, templates, calls left. Ends with the
 * first step that fails (one template that is there is enough). Throws only the signal's reason.
 */
export async function* checkQualys(
  access: ReportAccount,
  templateIds: readonly string[],
  context: CheckContext,
): AsyncGenerator<Check, void, undefined> {
  yield* checkOver(access, context, (connection, means) =>
    checkServer(access, templateIds, connection, means),
  );
}

async function* checkServer(
  access: ReportAccount,
  templateIds: readonly string[],
  connection: QualysConnection,
  means: CheckMeans,
): AsyncGenerator<Check, void, undefined> {
  const { log, signal } = means;
  const reportList = (): Promise<Answer | ConnectorError> =>
    step(connection, means, (limited) =>
      access.reportVersions.speak({ server: connection.server, log }, (version) =>
        ask(
          connection,
          runningReports(version),
          ['REPORT_LIST_OUTPUT'],
          'looking at the list of reports',
          limited,
        ),
      ),
    );
  // Whether the classic calls take a token is not known: an OAuth client is tried where it is needed.
  const isEarly = access.login.kind === 'client' && access.api === 'v2';
  const { well, early } = yield* reachQualys(access, connection, means, isEarly ? reportList : undefined);
  if (!well) return;

  const templates = await step(connection, means, (limited) =>
    ask(connection, TEMPLATES, ['REPORT_TEMPLATE_LIST'], 'looking at the report templates', limited),
  );
  if (templates instanceof Error) {
    const soft = isEarly && refusesToken(templates);
    yield soft ? untoldTemplates(templates) : failed('Report template', templates, signal);
    if (!soft) return;
  } else {
    const ofTemplates = templateIds.map((id) => templateCheck(templates, id));
    yield* ofTemplates;
    if (!ofTemplates.some(({ ok }) => ok)) return;
  }
  const reports = early ?? (access.api === 'v1' ? templates : await reportList());
  yield reports instanceof Error ? failed('Report API', reports, signal) : quotaCheck(reports, access);
}

function refusesToken(error: Error): boolean {
  return error instanceof QualysLoginRefusedError || error instanceof QualysApiNotAllowedError;
}

function untoldTemplates({ happened }: ConnectorError): Check {
  const detail = `not looked for: Qualys' list of templates takes no token of an OAuth client. ${happened}`;
  return { name: 'Report template', ok: true, detail };
}

function templateCheck(answer: Answer, templateId: string): Check {
  const name = `Report template ${templateId}`;
  const templates = readTemplates(answer);
  const trouble = templateTrouble(templates, templateId, '');
  if (trouble) return { name, ok: false, detail: trouble.message };
  const template = templates.find(({ id }) => id === templateId);
  return { name, ok: true, detail: template ? `"${template.title}", ${kindOf(template)}` : '' };
}

function quotaCheck(answer: Answer, access: Pick<ReportAccount, 'api' | 'reportVersions'>): Check {
  const name = `Report API (${access.api})`;
  const version = access.api === 'v1' ? [] : [versionDetail(access.reportVersions)];
  const ok = Number(answer.header('x-ratelimit-remaining') ?? '1') !== 0;
  return { name, ok, detail: [...version, quotaDetail(answer)].join('; ') };
}

function quotaDetail(answer: Answer): string {
  return quotaWords((name) => {
    const value = answer.header(name);
    return value === undefined ? undefined : answer.shown(value, 40);
  });
}

/** A look at the running reports: what a download needs to be allowed, and it starts nothing. */
function runningReports(version: string): QualysCall {
  return reportCall(version, { action: 'list', state: 'Running' }, SILENCE);
}
