import { lookup } from 'node:dns/promises';
import { type Code, ConnectorError } from '../connector-error.ts';
import type { Check } from '../check.ts';
import type { Log } from '../log/log.ts';
import type { Answer } from './answers/answer.ts';
import type { ApiVersions } from './answers/api-versions.ts';
import { ask } from './answers/ask.ts';
import { reportCall } from './answers/report-call.ts';
import { type Clock, systemClock, withinTime } from '../clock.ts';
import { openConnection, type QualysConnection } from './connection/connection.ts';
import type { QualysCall } from './connection/call.ts';
import { OAuthClientRefusedError, QualysConnectionLostError } from './connection/errors.ts';
import type { Token } from './connection/token.ts';
import { QualysApiNotAllowedError, QualysLoginRefusedError } from './answers/errors.ts';
import type { Peer } from './connection/peer.ts';
import type { QualysAccount } from './access.ts';
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

/** Seconds without a byte, and for a whole answer: somebody is watching. */
const SILENCE = 30;
const STEP_LIMIT = 60;
/** Seconds for looking the server's name up, which is done to show its addresses only. */
const LOOKUP_LIMIT = 5;

const ABOUT: QualysCall = { method: 'GET', path: '/msp/about.php', silence: SILENCE };
const TEMPLATES: QualysCall = { method: 'GET', path: '/msp/report_template_list.php', silence: SILENCE };

/**
 * Tries each step of a download but launches nothing: the way to Qualys, TLS, login, templates, calls left. Ends with the
 * first step that fails (one template that is there is enough). Throws only the signal's reason.
 */
export async function* checkQualys(
  access: QualysAccount,
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
  access: QualysAccount,
  templateIds: readonly string[],
  connection: QualysConnection,
  { log, clock, signal }: Required<Pick<CheckContext, 'log' | 'clock' | 'signal'>>,
): AsyncGenerator<Check, void, undefined> {
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
  if (isClient) {
    const limit = {
      seconds: STEP_LIMIT,
      signal,
      late: () => late(connection.gateway ?? connection.server),
      clock,
    };
    const token = await attempt(
      withinTime(limit, (limited) => connection.token(limited)),
      signal,
    );
    yield* tokenChecks(access, connection, token, signal);
    if (token instanceof Error) return;
  }
  // Whether the classic calls take a token is not known: an OAuth client is tried where it is needed.
  const early = isClient && access.api === 'v2';
  const first = await (early ? reportList() : step(ABOUT, 'ABOUT', 'logging in'));
  const found = connection.proxy === undefined ? await addresses(connection.server, clock, signal) : '';
  yield* wayChecks(access, connection, found, first instanceof Error ? first : undefined, signal);
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

/** The way to the gateway, and the token that it gave an OAuth client. */
function* tokenChecks(
  { login }: QualysAccount,
  { gateway, proxy }: QualysConnection,
  token: Token | ConnectorError | undefined,
  signal: AbortSignal,
): Generator<Check, void, undefined> {
  const refused = token instanceof OAuthClientRefusedError;
  if (token instanceof Error && !refused) {
    yield failed('Qualys gateway', token, signal);
    return;
  }
  const way = proxy === undefined ? '' : ` through the proxy ${proxy.name}`;
  yield { name: 'Qualys gateway', ok: true, detail: `${gateway?.name ?? ''}: answers${way}` };
  if (refused) {
    yield failed('Qualys token', token, signal);
    return;
  }
  const holds = token?.until === undefined ? 'until it is refused' : `until ${token.until.toISOString()}`;
  yield { name: 'Qualys token', ok: true, detail: `of ${login.name}: holds ${holds}` };
}

function refusesToken(error: Error): boolean {
  return error instanceof QualysLoginRefusedError || error instanceof QualysApiNotAllowedError;
}

function untoldTemplates({ happened }: ConnectorError): Check {
  const detail = `not looked for: Qualys' list of templates takes no token of an OAuth client. ${happened}`;
  return { name: 'Report template', ok: true, detail };
}

function late(server: Peer): Error {
  return new QualysConnectionLostError(server, `no whole answer came within ${STEP_LIMIT} seconds`);
}

/** The steps on the way up to the login, of which the first call tells how many went well. */
function* wayChecks(
  access: Pick<QualysAccount, 'qualysServer' | 'login'>,
  connection: QualysConnection,
  addresses: string,
  error: Error | undefined,
  signal: AbortSignal,
): Generator<Check, void, undefined> {
  const { server, proxy } = connection;
  const steps: [name: string, about: string, well: string][] =
    proxy === undefined
      ? [
          ['Qualys name', server.address, addresses],
          ['Qualys connection', server.name, 'made'],
        ]
      : [
          ['Qualys proxy', proxy.name, 'accepts the connection'],
          ['Qualys connection', `${server.name} through the proxy`, 'made'],
        ];
  if (access.qualysServer.startsWith('https:')) {
    steps.push(['Qualys TLS', server.name, 'the certificate is trusted']);
  }
  steps.push(['Qualys login', access.login.name, 'accepted']);
  const failing = error === undefined ? Infinity : Math.min(stepOf(error), steps.length - 1);
  for (const [index, [name, about, well]] of steps.entries()) {
    if (index === failing) yield failed(name, error, signal);
    if (index >= failing) return;
    yield { name, ok: true, detail: `${about}: ${well}` };
  }
}

/** The errors of each step on the way, by code; all others are the login's. */
const WAY: readonly (readonly Code[])[] = [
  ['QC3001', 'QC3011', 'QC3012', 'QC3014'],
  ['QC3002', 'QC3008', 'QC3013'],
  ['QC3003', 'QC3004'],
];

function stepOf(error: Error): number {
  const step = WAY.findIndex((codes) => error instanceof ConnectorError && codes.includes(error.code));
  return step === -1 ? WAY.length : step;
}

async function addresses({ address }: Peer, clock: Clock, signal: AbortSignal): Promise<string> {
  const late = (): Error => new Error('the name is looked up in vain');
  const looked = withinTime({ seconds: LOOKUP_LIMIT, signal, late, clock }, () =>
    lookup(address, { all: true }),
  );
  const found = await looked.catch(() => []);
  return found.map((one) => one.address).join(', ');
}

function templateCheck(answer: Answer, templateId: string): Check {
  const name = `Report template ${templateId}`;
  const templates = readTemplates(answer);
  const trouble = templateTrouble(templates, templateId, '');
  if (trouble) return { name, ok: false, detail: trouble.message };
  const template = templates.find(({ id }) => id === templateId);
  return { name, ok: true, detail: template ? `"${template.title}", ${kindOf(template)}` : '' };
}

function quotaCheck(answer: Answer, access: Pick<QualysAccount, 'api' | 'reportVersions'>): Check {
  const name = `Report API (${access.api})`;
  const version = access.api === 'v1' ? [] : [versionDetail(access.reportVersions)];
  const ok = Number(answer.header('x-ratelimit-remaining') ?? '1') !== 0;
  return { name, ok, detail: [...version, quotaDetail(answer)].join('; ') };
}

function quotaDetail(answer: Answer): string {
  const shownHeader = (header: string): string | undefined => {
    const value = answer.header(header);
    return value === undefined ? undefined : answer.shown(value, 40);
  };
  const left = shownHeader('x-ratelimit-remaining');
  const hours = Number(answer.header('x-ratelimit-window-sec') ?? '0') / 3600;
  if (left === undefined) return 'allowed; Qualys tells no limit';
  const limit = shownHeader('x-ratelimit-limit') ?? '?';
  return `${left} calls left of ${limit} in ${hours} h`;
}

function versionDetail({ api, answered = '' }: ApiVersions): string {
  const [newest] = api.known;
  return answered === newest
    ? `version ${answered}`
    : `WARNING: version ${answered} answers, which is not ${newest}, the newest known (${api.key})`;
}

/** A look at the running reports: what a download needs to be allowed, and it starts nothing. */
function runningReports(version: string): QualysCall {
  return reportCall(version, { action: 'list', state: 'Running' }, SILENCE);
}

/** The answer, or the error to show; throws what no user can cause, and the signal's reason. */
async function attempt<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | ConnectorError> {
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
