/** The steps of -test that are the same whatever is read from Qualys. */
import { lookup } from 'node:dns/promises';
import type { Check } from '../../check.ts';
import { type Clock, withinTime } from '../../clock.ts';
import { type Code, ConnectorError } from '../../connector-error.ts';
import type { Log } from '../../log/log.ts';
import type { QualysAccount } from '../access.ts';
import type { ApiVersions } from '../answers/api-versions.ts';
import type { QualysCall } from '../connection/call.ts';
import type { QualysConnection } from '../connection/connection.ts';
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
export const STEP_LIMIT = 60;
/** Seconds for looking the server's name up, which is done to show its addresses only. */
const LOOKUP_LIMIT = 5;

export const ABOUT: QualysCall = { method: 'GET', path: '/msp/about.php', silence: SILENCE };

/** What the steps need once there is a connection. */
export type CheckMeans = Required<Pick<CheckContext, 'log' | 'clock' | 'signal'>>;

/** The steps of an OAuth client before its first call. @returns whether they went well */
export async function* tokenSteps(
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

export function late(server: Peer): Error {
  return new QualysConnectionLostError(server, `no whole answer came within ${STEP_LIMIT} seconds`);
}

/** The steps on the way up to the login, of which the first call tells how many went well. */
export async function* waySteps(
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
export async function attempt<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | ConnectorError> {
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
