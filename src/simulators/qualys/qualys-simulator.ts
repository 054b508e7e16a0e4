import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Identity, makeAuthority, makeServerCertificate } from '../certificates.ts';
import { type SimulatedCall, answerCall, endpointOf } from './endpoints.ts';
import { faultReply } from './fault-reply.ts';
import { dealFaults } from './faults.ts';
import { countCalls } from './rate-headers.ts';
import { isBodyFault, wireBody } from './report-body.ts';
import { type Reply, codeReply, page, xmlReply } from './reply.ts';
import { genericReturn } from './documents.ts';
import { openReportDesk } from './report-desk.ts';
import { sendReport, sendText } from './send-reply.ts';
import type { QualysSimulatorOptions } from './simulator-options.ts';
import { type TranscriptEntry, withoutCredentials } from './transcript.ts';

export type { PlannedFault, FaultKind, Endpoint } from './faults.ts';
export type { QualysSimulatorOptions, SimulatedTemplate, Timeline } from './simulator-options.ts';
export type { TranscriptEntry } from './transcript.ts';

/** A running simulator of a Qualys platform. */
export interface QualysSimulator {
  /** For qualys_server, e.g. `https://localhost:40123`. */
  readonly url: string;
  readonly port: number;
  /** For qualys_ca: the PEM of the authority that signed its certificate. */
  readonly authority: string;
  /** Every request so far. */
  readonly transcript: readonly TranscriptEntry[];
  /** Reports generated, which a lost answer does not undo. */
  readonly launches: number;
  readonly deletes: number;
  /** Ids of the reports not deleted. */
  alive(): string[];
  /** `request` with the TranscriptEntry when one came; `silent` when a fault leaves one without (further) answer. */
  readonly events: EventEmitter;
  close(): Promise<void>;
}

/** Starts a Qualys on loopback, over real TLS. */
export async function startQualysSimulator(options: QualysSimulatorOptions): Promise<QualysSimulator> {
  const authority = options.authority ?? makeAuthority('Qualys simulator authority');
  const identity = serverIdentity(authority);
  const desk = openReportDesk(options.timeline ?? {});
  const nextFault = dealFaults(options.faults ?? []);
  const rateHeaders = countCalls(options.rateLimit ?? 300);
  const transcript: TranscriptEntry[] = [];
  const events = new EventEmitter();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const call = readCall(request, body);
    const entry = describe(request, body, call, options);
    transcript.push(entry);
    events.emit('request', entry);
    const fault = nextFault(call.endpoint);
    const right = (): Reply => refuseAtDoor(request, call, entry) ?? answerCall(call, desk, options);
    const effect = fault === undefined || fault.done || isBodyFault(fault) ? right() : undefined;
    const reply = (fault && faultReply(fault)) ?? effect ?? page(500, 'Never sent');
    if (reply.status !== 401) {
      for (const [name, value] of Object.entries(rateHeaders(call.endpoint))) response.setHeader(name, value);
    }
    await send(request, response, reply, fault);
  }

  async function send(
    request: IncomingMessage,
    response: ServerResponse,
    reply: Reply,
    fault: ReturnType<typeof nextFault>,
  ): Promise<void> {
    if (fault?.kind === 'silent' || fault?.kind === 'stalled') setImmediate(() => events.emit('silent'));
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'reset') {
      request.socket.destroy();
    } else if (fault?.kind === 'garbled') {
      request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    } else if (typeof reply.body === 'string') {
      sendText(response, reply, reply.body);
    } else {
      const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding']));
      await sendReport(response, reply, await wireBody(reply.body.reportOf, gzip, options), fault);
    }
  }

  const server = createServer({ cert: identity.certificate, key: identity.key }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      events.emit('trouble', error);
      response.destroy();
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    port,
    authority: authority.certificate,
    transcript,
    get launches() {
      return desk.launches;
    },
    get deletes() {
      return desk.deletes;
    },
    alive: () => desk.alive(),
    events,
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const identities = new WeakMap<Identity, Identity>();

/** One for each authority: making a key takes longer than all else at the start. */
function serverIdentity(authority: Identity): Identity {
  const identity =
    identities.get(authority) ?? makeServerCertificate(authority, ['localhost', '127.0.0.1', '::1']);
  identities.set(authority, identity);
  return identity;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function readCall(request: IncomingMessage, body: string): SimulatedCall {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const parameters = new Map([...url.searchParams, ...new URLSearchParams(body)]);
  const endpoint = endpointOf(url.pathname, parameters.get('action') ?? '');
  return { method: request.method ?? 'GET', path: url.pathname, parameters, endpoint };
}

function describe(
  request: IncomingMessage,
  body: string,
  { method, endpoint }: SimulatedCall,
  { user, password }: QualysSimulatorOptions,
): TranscriptEntry {
  const given = request.headers.authorization;
  const right = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  const login = given === undefined ? 'none' : given === right ? 'right' : 'wrong';
  const headers = withoutCredentials(request.headers);
  return { method, url: request.url ?? '/', endpoint, login, headers, body };
}

/** What Qualys asks of every call before it looks at it. */
function refuseAtDoor(
  request: IncomingMessage,
  { path }: SimulatedCall,
  { login }: TranscriptEntry,
): Reply | undefined {
  const v2 = path.startsWith('/api/');
  if (v2 && !path.endsWith('/')) {
    return { ...page(301, 'Moved Permanently'), headers: { Location: `https://localhost${path}/` } };
  }
  if (login !== 'right') {
    return v2
      ? codeReply(401, 2000, 'Bad Login/Password')
      : xmlReply(genericReturn(2000, 'Bad Login/Password'), 401);
  }
  if (v2 && request.headers['x-requested-with'] === undefined) {
    return codeReply(400, 1903, 'Missing required header: X-Requested-With');
  }
  return undefined;
}
