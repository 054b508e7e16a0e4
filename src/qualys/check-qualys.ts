import { lookup } from 'node:dns/promises';
import type { QualysConfig } from '../config/read-qualys-config.ts';
import { ConnectorError } from '../connector-error.ts';
import type { Check } from '../check.ts';
import type { Log } from '../log/log.ts';
import type { Answer } from './answers/answer.ts';
import { ask } from './answers/ask.ts';
import { type Clock, systemClock } from '../clock.ts';
import { openConnection, type QualysConnection } from './connection/connection.ts';
import type { QualysCall } from './connection/qualys-call.ts';
import {
  ProxyLoginRefusedError,
  ProxyNotTrustedError,
  ProxyTunnelRefusedError,
  ProxyUnreachableError,
  QualysConnectionLostError,
  QualysHostNotFoundError,
  QualysNotTrustedError,
  QualysTlsFailedError,
  QualysUnreachableError,
} from './connection/errors.ts';
import { type QualysAccess, requireAccess } from './qualys-access.ts';
import { kindOf, readTemplates, templateTrouble } from './answers/template-list.ts';
import { TransientError } from './retry/transient.ts';

export interface CheckContext {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Absent: the system's. */
  readonly clock?: Clock;
  /** Absent: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Seconds without a byte: somebody is watching. */
const SILENCE = 30;

/**
 * Tries each step of a download but launches nothing: the way to Qualys, TLS, login, template, calls left. Ends with the
 * first step that fails. Throws only the signal's reason.
 */
export async function* checkQualys(
  config: QualysConfig,
  context: CheckContext,
): AsyncGenerator<Check, void, undefined> {
  const { log, signal, clock = systemClock, env = process.env } = context;
  let connection: QualysConnection | undefined;
  try {
    const access = requireAccess(config);
    connection = openConnection(access, { log, clock, env });
    yield* checkServer(access, connection, signal);
  } catch (error) {
    // Only what is wrong before anything is sent comes here; the steps tell of themselves.
    yield failed('Qualys settings', error, signal);
  } finally {
    await connection?.close();
  }
}

async function* checkServer(
  access: QualysAccess,
  connection: QualysConnection,
  signal: AbortSignal,
): AsyncGenerator<Check, void, undefined> {
  const about = await attempt(call(connection, '/msp/about.php', 'ABOUT', 'logging in', signal), signal);
  yield* wayChecks(access, connection, about instanceof Error ? about : undefined, signal);
  if (about instanceof Error) return;

  const list = '/msp/report_template_list.php';
  const templates = await attempt(
    call(connection, list, 'REPORT_TEMPLATE_LIST', 'looking at the report templates', signal),
    signal,
  );
  const template =
    templates instanceof Error
      ? failed('Report template', templates, signal)
      : templateCheck(templates, access);
  yield template;
  if (!template.ok || templates instanceof Error) return;

  const reports =
    access.api === 'v1' ? templates : await attempt(callReports(access, connection, signal), signal);
  yield reports instanceof Error ? failed('Report API', reports, signal) : quotaCheck(reports, access);
}

/** The steps on the way up to the login, of which the first call tells how many went well. */
async function* wayChecks(
  access: QualysAccess,
  connection: QualysConnection,
  error: Error | undefined,
  signal: AbortSignal,
): AsyncGenerator<Check, void, undefined> {
  const { host, proxy } = connection;
  const steps =
    proxy === undefined
      ? [`Name ${new URL(access.qualysServer).hostname}`, `Connection to ${host}`]
      : [`Proxy ${proxy}`, `Connection to ${host} through the proxy`];
  const details = [proxy === undefined ? await addresses(access) : 'accepts the connection', 'made'];
  if (access.qualysServer.startsWith('https:')) {
    steps.push(`TLS with ${host}`);
    details.push('the certificate is trusted');
  }
  steps.push(`Login of ${access.userId}`);
  details.push('accepted');
  const failing = error === undefined ? Infinity : Math.min(stepOf(error), steps.length - 1);
  for (const [index, name] of steps.entries()) {
    if (index === failing) yield failed(name, error, signal);
    if (index >= failing) return;
    yield { name, ok: true, detail: details[index] ?? '' };
  }
}

function stepOf(error: Error): number {
  const steps = [
    [QualysHostNotFoundError, ProxyUnreachableError, ProxyNotTrustedError, ProxyLoginRefusedError],
    [QualysUnreachableError, ProxyTunnelRefusedError, QualysConnectionLostError],
    [QualysNotTrustedError, QualysTlsFailedError],
  ];
  const step = steps.findIndex((kinds) => kinds.some((kind) => error instanceof kind));
  return step === -1 ? steps.length : step;
}

async function addresses(access: QualysAccess): Promise<string> {
  const host = new URL(access.qualysServer).hostname.replace(/^\[|\]$/g, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address).join(', ');
}

function templateCheck(answer: Answer, access: QualysAccess): Check {
  const name = `Report template ${access.templateId}`;
  const templates = readTemplates(answer);
  const trouble = templateTrouble(templates, access.templateId, '');
  if (trouble) return { name, ok: false, detail: trouble.message };
  const template = templates.find(({ id }) => id === access.templateId);
  return { name, ok: true, detail: template ? `"${template.title}", ${kindOf(template)}` : '' };
}

function quotaCheck(answer: Answer, access: QualysAccess): Check {
  const name = `Report API (${access.api})`;
  const left = answer.header('x-ratelimit-remaining');
  const hours = Number(answer.header('x-ratelimit-window-sec') ?? '0') / 3600;
  if (left === undefined) return { name, ok: true, detail: 'allowed; Qualys tells no limit' };
  const limit = answer.header('x-ratelimit-limit') ?? '?';
  return { name, ok: true, detail: `${left} calls left of ${limit} in ${hours} h` };
}

function call(
  connection: QualysConnection,
  path: string,
  root: string,
  doing: string,
  signal: AbortSignal,
): Promise<Answer> {
  return ask(connection, { method: 'GET', path, silence: SILENCE }, [root], doing, signal);
}

/** A look at the running reports: what a download needs to be allowed, and it starts nothing. */
function callReports(
  access: QualysAccess,
  connection: QualysConnection,
  signal: AbortSignal,
): Promise<Answer> {
  const reports: QualysCall = {
    method: 'POST',
    path: `/api/${access.apiVersion}/fo/report/`,
    form: { action: 'list', state: 'Running' },
    silence: SILENCE,
  };
  return ask(connection, reports, ['REPORT_LIST_OUTPUT'], 'looking at the list of reports', signal);
}

/** The answer, or the error to show; throws what no user can cause, and the signal's reason. */
async function attempt(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer | Error> {
  try {
    return await answer;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TransientError) return error.last;
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}

function failed(name: string, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted();
  if (!(error instanceof ConnectorError)) throw error;
  return { name, ok: false, detail: error.message };
}
