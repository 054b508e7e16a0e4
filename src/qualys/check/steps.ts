/** The steps of -test that are the same whatever is read from Qualys. */
import { lookup } from 'node:dns/promises';
import type { Check } from '../../check.ts';
import { type Clock, systemClock, withinTime } from '../../clock.ts';
import { type Code, ConnectorError } from '../../connector-error.ts';
import type { Log } from '../../log/log.ts';
import type { QualysAccount } from '../access.ts';
import type { ApiVersions } from '../answers/api-versions.ts';
import type { QualysCall } from '../connection/call.ts';
import { ask } from '../answers/ask.ts';
import { openConnection, type QualysConnection } from '../connection/connection.ts';
import { OAuthClientRefusedError, QualysConnectionLostError } from '../connection/errors.ts';
import type { Peer } from '../connection/peer.ts';
import type { Token } from '../connection/token.ts';
import { TransientError } from '../retry/transient.ts';

/** What the steps of -test are made with. */
export interface CheckContext {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Absent: the system's. */
  readonly clock?: Clock;
  /** Absent: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Seconds without a byte, and for a whole answer: somebody is watching. */
export const SILENCE = 30;
const STEP_LIMIT = 60;
/** Seconds for looking the server's name up, which is done to show its addresses only. */
const LOOKUP_LIMIT = 5;

export const ABOUT: QualysCall = { method: 'GET', path: '/msp/about.php', silence: SILENCE };

/** What the steps need once there is a connection. */
export type CheckMeans = Required<CheckContext>;

/**
 * Makes the steps over a connection of their own. Throws only the signal's reason.
 * @param steps tell of themselves what goes wrong
 */
export async function* checkOver(
  access: QualysAccount,
  { log, signal, clock = systemClock, env = process.env }: CheckContext,
  steps: (connection: QualysConnection, means: CheckMeans) => AsyncGenerator<Check, void, undefined>,
): AsyncGenerator<Check, void, undefined> {
  let connection: QualysConnection | undefined;
  try {
    connection = openConnection(access, { log, clock, env });
    yield* steps(connection, { log, clock, signal, env });
  } catch (error) {
    // Only what is wrong before anything is sent comes here.
    yield failed('Qualys settings', error, signal);
  } finally {
    await connection?.close();
  }
}

/**
 * The steps up to the login.
 * @param early makes the first call in place of the classic one for logging in, and is answered by its caller's kind
 * @returns whether they went well, and what came of `early`
 */
export async function* reachQualys<T extends object>(
  access: QualysAccount,
  connection: QualysConnection,
  means: CheckMeans,
  early: (() => Promise<T | ConnectorError>) | undefined,
): AsyncGenerator<Check, { readonly well: boolean; readonly early?: T | undefined }, undefined> {
  const isClient = access.login.kind === 'client';
  if (isClient && !(yield* tokenSteps(access, connection, means))) return { well: false };
  const first = await early?.();
  const login = first ?? (await logIn(connection, means));
  yield* waySteps(access, connection, login instanceof Error ? login : undefined, means);
  return login instanceof Error ? { well: false } : { well: true, early: first as T | undefined };
}

function logIn(connection: QualysConnection, means: CheckMeans): Promise<unknown> {
  return step(connection, means, (limited) => ask(connection, ABOUT, ['ABOUT'], 'logging in', limited));
}

/** The answer to one question, or the error to show. @param seconds for all of it */
export function step<T>(
  { server }: QualysConnection,
  { clock, signal }: CheckMeans,
  work: (limited: AbortSignal) => Promise<T>,
  seconds = STEP_LIMIT,
): Promise<T | ConnectorError> {
  const limit = { seconds, signal, late: () => late(server, seconds), clock };
  return attempt(withinTime(limit, work), signal);
}

/** The steps of an OAuth client before its first call. @returns whether they went well */
async function* tokenSteps(
  access: QualysAccount,
  connection: QualysConnection,
  { clock, signal }: CheckMeans,
): AsyncGenerator<Check, boolean, undefined> {
  const lateGateway = (): Error => late(connection.gateway ?? connection.server);
  const limit = { seconds: STEP_LIMIT, signal, late: lateGateway, clock };
  const token = await attempt(
    withinTime(limit, (limited) => connection.token(limited)),
    signal,
  );
  yield* tokenChecks(access, connection, token, signal);
  return !(token instanceof Error);
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

function late(server: Peer, seconds = STEP_LIMIT): Error {
  return new QualysConnectionLostError(server, `no whole answer came within ${seconds} seconds`);
}

/** The steps on the way up to the login, of which the first call tells how many went well. */
async function* waySteps(
  access: QualysAccount,
  connection: QualysConnection,
  error: Error | undefined,
  { clock, signal }: CheckMeans,
): AsyncGenerator<Check, void, undefined> {
  const found = connection.proxy === undefined ? await addresses(connection.server, clock, signal) : '';
  yield* wayChecks(access, connection, found, error, signal);
}

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

export function versionDetail({ api, answered = '' }: ApiVersions): string {
  const [newest] = api.known;
  return answered === newest
    ? `version ${answered}`
    : `WARNING: version ${answered} answers, which is not ${newest}, the newest known (${api.key})`;
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

export function failed(name: string, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted();
  if (!(error instanceof ConnectorError)) throw error;
  return { name, ok: false, detail: error.message };
}
