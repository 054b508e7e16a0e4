import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { genericReturn } from './documents.ts';
import { answerCall, endpointOf, faultedCall, type SimulatedCall } from './endpoints.ts';
import { faultReply } from './fault-reply.ts';
import { dealFaults, type PlannedFault } from './faults.ts';
import { countCalls } from './rate-headers.ts';
import { codeReply, page, type Reply, xmlReply } from './reply.ts';
import { isBodyFault, wireBody } from './report-body.ts';
import { ReportDesk } from './report-desk.ts';
import { sendReport, sendText } from './send-reply.ts';
import type { QualysSimulatorOptions } from './simulator-options.ts';
import { TokenDesk } from './token-desk.ts';
import { type TranscriptEntry, withoutCredentials } from './transcript.ts';

/** One account of a Qualys platform: takes its requests and answers them, or lets the planned fault befall them. */
export class SimulatedAccount {
  readonly desk: ReportDesk;
  readonly tokens: TokenDesk;
  readonly transcript: TranscriptEntry[] = [];
  readonly events = new EventEmitter();
  readonly #options: QualysSimulatorOptions;
  readonly #nextFault: ReturnType<typeof dealFaults>;
  readonly #rateHeaders: ReturnType<typeof countCalls>;
  #atOnce = 0;
  #mostAtOnce = 0;

  constructor(options: QualysSimulatorOptions) {
    this.#options = options;
    this.desk = new ReportDesk(options.timeline ?? {}, options.user);
    this.tokens = new TokenDesk(options.client);
    this.#nextFault = dealFaults(options.faults ?? []);
    this.#rateHeaders = countCalls(options.rateLimit ?? 300);
  }

  /** The most calls that were ever being answered at the same time. */
  get mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#count(response);
    const body = await readBody(request);
    const call = readCall(request, body);
    const entry = this.#describe(request, body, call);
    this.transcript.push(entry);
    this.events.emit('request', entry);
    const fault = this.#nextFault(faultedCall(call, this.#options));
    const reply = this.#replyTo(request, call, entry, fault);
    if (reply.status !== 401) {
      const headers = this.#rateHeaders(call.endpoint);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    }
    await this.#send(request, response, reply, fault);
  }

  #count(response: ServerResponse): void {
    this.#atOnce++;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#atOnce);
    response.once('close', () => this.#atOnce--);
  }

  /** The fault's answer, or the right one; the call has its effect only where the fault lets it. */
  #replyTo(
    request: IncomingMessage,
    call: SimulatedCall,
    entry: TranscriptEntry,
    fault: PlannedFault | undefined,
  ): Reply {
    const right = (): Reply =>
      this.tokens.answer(call.path, call.method, request.headers) ??
      refuseAtDoor(request, call, entry) ??
      answerCall(call, this.desk, this.#options, fault?.kind);
    const effect = fault === undefined || fault.done || isBodyFault(fault) ? right() : undefined;
    return (fault && faultReply(fault)) ?? effect ?? page(500, 'Never sent');
  }

  #describe(
    request: IncomingMessage,
    body: string,
    { method, endpoint, path }: SimulatedCall,
  ): TranscriptEntry {
    const { user, password } = this.#options;
    const given = request.headers.authorization;
    const basic = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
    const right = given === basic || this.tokens.takes(given, path);
    const login = given === undefined ? 'none' : right ? 'right' : 'wrong';
    const headers = withoutCredentials(request.headers);
    return { method, url: request.url ?? '/', endpoint, login, headers, body };
  }

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    reply: Reply,
    fault: PlannedFault | undefined,
  ): Promise<void> {
    if (fault?.kind === 'silent' || fault?.kind === 'stalled') {
      setImmediate(() => this.events.emit('silent'));
    }
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'reset') {
      request.socket.destroy();
    } else if (fault?.kind === 'garbled') {
      request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    } else if (typeof reply.body === 'string') {
      sendText(response, reply, reply.body);
    } else {
      const gzip =
        this.#options.gzip !== false && /\bgzip\b/.test(String(request.headers['accept-encoding']));
      await sendReport(response, reply, wireBody(reply.body, gzip), fault);
    }
  }
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
  return { method: request.method ?? 'GET', path: url.pathname, parameters, endpoint, body };
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
