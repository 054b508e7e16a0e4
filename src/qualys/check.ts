import type { Check } from '../check.ts';
import { systemClock, withinTime } from '../clock.ts';
import type { ConnectorError } from '../connector-error.ts';
import type { ReportAccount } from './access.ts';
import type { Answer } from './answers/answer.ts';
import { ask } from './answers/ask.ts';
import { QualysApiNotAllowedError, QualysLoginRefusedError } from './answers/errors.ts';
import { quotaWords } from './answers/quota.ts';
import { reportCall } from './answers/report-call.ts';
import { kindOf, readTemplates, templateTrouble } from './answers/template-list.ts';
import {
  ABOUT,
  attempt,
  type CheckContext,
  type CheckMeans,
  failed,
  late,
  SILENCE,
  STEP_LIMIT,
  tokenSteps,
  versionDetail,
  waySteps,
} from './check/steps.ts';
import type { QualysCall } from './connection/call.ts';
import { openConnection, type QualysConnection } from './connection/connection.ts';

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
  const { log, signal, clock = systemClock, env = process.env } = context;
  let connection: QualysConnection | undefined;
  try {
    connection = openConnection(access, { log, clock, env });
    yield* checkServer(access, templateIds, connection, { log, clock, signal });
  } catch (error) {
    // Only what is wrong before anything is sent comes here; the steps tell of themselves.
    yield failed('Qualys settings', error, signal);
  } finally {
    await connection?.close();
  }
}

async function* checkServer(
  access: ReportAccount,
  templateIds: readonly string[],
  connection: QualysConnection,
  means: CheckMeans,
): AsyncGenerator<Check, void, undefined> {
  const { log, clock, signal } = means;
  const asking = (call: QualysCall, root: string, doing: string): Promise<Answer> => {
    const limit = { seconds: STEP_LIMIT, signal, late: () => late(connection.server), clock };
    return withinTime(limit, (limited) => ask(connection, call, [root], doing, limited));
  };
  const step = (...words: Parameters<typeof asking>): Promise<Answer | ConnectorError> =>
    attempt(asking(...words), signal);
  const reportList = (): Promise<Answer | ConnectorError> =>
    attempt(
      access.reportVersions.speak({ server: connection.server, log }, (version) =>
        asking(runningReports(version), 'REPORT_LIST_OUTPUT', 'looking at the list of reports'),
      ),
      signal,
    );
  const isClient = access.login.kind === 'client';
  if (isClient && !(yield* tokenSteps(access, connection, means))) return;
  // Whether the classic calls take a token is not known: an OAuth client is tried where it is needed.
  const early = isClient && access.api === 'v2';
  const first = await (early ? reportList() : step(ABOUT, 'ABOUT', 'logging in'));
  yield* waySteps(access, connection, first instanceof Error ? first : undefined, means);
  if (first instanceof Error) return;

  const templates = await step(TEMPLATES, 'REPORT_TEMPLATE_LIST', 'looking at the report templates');
  if (templates instanceof Error) {
    const soft = early && refusesToken(templates);
    yield soft ? untoldTemplates(templates) : failed('Report template', templates, signal);
    if (!soft) return;
  } else {
    const ofTemplates = templateIds.map((id) => templateCheck(templates, id));
    yield* ofTemplates;
    if (!ofTemplates.some(({ ok }) => ok)) return;
  }
  const reports = early ? first : access.api === 'v1' ? templates : await reportList();
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
