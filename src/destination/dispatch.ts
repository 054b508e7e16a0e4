import type { CommandStream } from '../host-input/command-stream.ts';
import { collectShipments, oneAhead } from '../management-center/session/shipments.ts';
import { describeComplaint } from '../management-center/session/complaint.ts';
import { oneLine } from '../text/one-line.ts';
import type { Reply } from '../management-center/session/reply.ts';
import type { Connect, SessionTimeouts } from '../management-center/session/session.ts';
import type { Shipment } from '../management-center/session/shipment.ts';
import { SteadySession } from '../management-center/session/steady-session.ts';
import { startTimer, type StartTimer } from '../management-center/session/timer.ts';
import { DeliveryIncompleteError, UnsentFile, UnsentNotKeptError } from './unsent-file.ts';
import type { Sink, SinkContext } from './sink.ts';

export interface ManagementCenterSinkOptions {
  readonly connect: Connect;
  /** Reconnections in a row that bring nothing further. */
  readonly retries: number;
  readonly timeouts: SessionTimeouts;
  /** Where the rest is kept when it cannot be delivered. */
  readonly unsentFile: string;
  /** Bytes; blocks are no larger, whatever the Management Center would take. */
  readonly maximumSize?: number;
  readonly startTimer?: StartTimer;
}

/** After an interruption the unit that is under way may still be completed for so long. */
const GRACE_MILLISECONDS = 5_000;
/** Replies whose complaints are shown; the others are counted. */
const MOST_COMPLAINTS = 20;

/**
 * Delivers to a Management Center, in blocks of whole units, and resolves when all is acknowledged. Complaints are
 * logged and counted in the delivery. Throws DeliveryIncompleteError (what is not in was kept in `unsentFile`), what
 * the stream throws, and the signal's reason.
 */
export function managementCenterSink(options: ManagementCenterSinkOptions): Sink {
  return async (stream, context) => {
    const grace = new AbortController();
    const timer = options.startTimer ?? startTimer;
    let stopGrace = (): void => undefined;
    const onAbort = (): void => {
      stopGrace = timer(GRACE_MILLISECONDS, () => {
        grace.abort(context.signal.reason);
      });
    };
    context.signal.addEventListener('abort', onAbort, { once: true });
    const session = new SteadySession({
      ...options,
      startTimer: timer,
      log: context.log,
      signal: context.signal,
      hardSignal: grace.signal,
    });
    try {
      context.signal.throwIfAborted();
      await new Dispatch(session, context, options.unsentFile).run(stream);
    } finally {
      context.signal.removeEventListener('abort', onAbort);
      await session.close();
      stopGrace();
    }
  };
}

/** One stream on its way, first to the Management Center, and after a failure to the file of what is unsent. */
class Dispatch {
  readonly #session: SteadySession;
  readonly #context: SinkContext;
  readonly #unsentPath: string;
  #unsent: UnsentFile | undefined;
  #failure: unknown;
  /** Replies in `processed` for the shipment under way; a repetition begins anew. */
  #processed: number | undefined;

  constructor(session: SteadySession, context: SinkContext, unsentPath: string) {
    this.#session = session;
    this.#context = context;
    this.#unsentPath = unsentPath;
  }

  async run(stream: CommandStream): Promise<void> {
    try {
      await this.#attempt(() => this.#session.open());
      await this.#dispatchAll(stream);
      if (this.#failure !== undefined) throw await this.#incomplete();
      this.#compareCounts();
    } finally {
      await this.#unsent?.discard();
    }
  }

  async #dispatchAll(stream: CommandStream): Promise<void> {
    try {
      for await (const shipment of oneAhead(collectShipments(stream, () => this.#session.blockSize))) {
        try {
          await this.#dispatch(shipment);
        } finally {
          await shipment.discard();
        }
      }
    } catch (error) {
      const { signal, log } = this.#context;
      signal.throwIfAborted();
      // The stream broke while the rest of it was being kept: what it gave until then is kept all the same.
      if (this.#failure !== undefined && !(error instanceof UnsentNotKeptError)) {
        log.error('delivery.incomplete', (await this.#incomplete()).message);
      }
      throw error;
    }
  }

  async #dispatch(shipment: Shipment): Promise<void> {
    this.#context.signal.throwIfAborted();
    if (this.#failure === undefined) await this.#attempt(() => this.#deliver(shipment));
    if (this.#failure !== undefined) {
      this.#unsent ??= await UnsentFile.create(this.#unsentPath);
      await this.#unsent.add(shipment);
    }
  }

  /** Remembers a failure, but not an interruption. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#context.signal.throwIfAborted();
      this.#failure = error;
      const why = error instanceof Error ? error.message : String(error);
      this.#context.log.warning('delivery.stopped', `${why} What is not in yet is kept in a file.`);
    }
  }

  async #deliver(shipment: Shipment): Promise<void> {
    await this.#session.deliver(
      shipment,
      () => {
        this.#processed = undefined;
      },
      (block, reply, further) => {
        this.#onReply(block, reply, further);
      },
    );
    const { delivery } = this.#context;
    delivery.units += shipment.units;
    delivery.commands += shipment.commands;
    delivery.findings += shipment.findings;
    delivery.bytes += shipment.bytes;
    if (this.#processed !== undefined) delivery.processed = (delivery.processed ?? 0) + this.#processed;
    this.#tellProgress();
  }

  #onReply(block: Buffer, reply: Reply, further: boolean): void {
    const { delivery, log } = this.#context;
    if (!further) {
      delivery.blocks++;
      log.debug('block.sent', `Sent command(s) of length ${block.length}`);
      if (reply.processed !== undefined) this.#processed = (this.#processed ?? 0) + reply.processed;
      this.#tellProgress();
    }
    log.debug('block.reply', `Management Center Response: ${oneLine(reply.text, 1000)}`);
    if (reply.complaint !== undefined) this.#onComplaint(reply.complaint, block);
  }

  #onComplaint(complaint: string, block: Buffer): void {
    const { delivery, log } = this.#context;
    delivery.complaints++;
    if (delivery.complaints > MOST_COMPLAINTS) return;
    for (const line of describeComplaint(complaint, block)) {
      log.warning('block.complaint', `The Management Center complains: ${line}`);
    }
    if (delivery.complaints === MOST_COMPLAINTS) {
      log.warning('block.complaint', 'Further complaints are counted, not shown.');
    }
  }

  #tellProgress(): void {
    const { delivery, progress, ofHosts } = this.#context;
    const { units: hosts, findings, blocks } = delivery;
    progress.sending({ hosts, ofHosts: ofHosts(), findings, blocks });
  }

  #compareCounts(): void {
    const { delivery, log } = this.#context;
    if (delivery.processed === undefined || delivery.processed === delivery.commands) return;
    log.info(
      'delivery.counts',
      `${delivery.commands} commands were sent; the Management Center counts ${delivery.processed} as processed.`,
    );
  }

  /** Completes the file of what is unsent. */
  async #incomplete(): Promise<Error> {
    await this.#unsent?.finish();
    const { delivery } = this.#context;
    delivery.unsentFile = this.#unsent?.path;
    const unsent = this.#unsent?.units ?? 0;
    return new DeliveryIncompleteError(this.#failure, delivery.units, unsent, delivery.unsentFile);
  }
}
