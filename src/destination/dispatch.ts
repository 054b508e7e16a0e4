import { type Clock, systemClock } from '../clock.ts';
import { happenedIn } from '../connector-error.ts';
import { type CommandStream, plus } from '../host-input/command-stream.ts';
import type { Block } from '../management-center/session/block.ts';
import { describeComplaint } from '../management-center/session/complaint.ts';
import type { Connect, SessionTimeouts } from '../management-center/session/session.ts';
import type { Shipment } from '../management-center/session/shipment.ts';
import { collectShipments, oneAhead } from '../management-center/session/shipments.ts';
import { type Answer, SteadySession } from '../management-center/session/steady-session.ts';
import { grouped } from '../text/grouped.ts';
import { oneLine } from '../text/one-line.ts';
import { adding, type Delivered } from './adding.ts';
import type { Sink, SinkContext } from './sink.ts';
import { DeliveryIncompleteError, type UnsentFile, UnsentNotKeptError } from './unsent-file.ts';

export interface ManagementCenterSinkOptions {
  readonly connect: Connect;
  /** Reconnections in a row that bring nothing further. */
  readonly retries: number;
  readonly timeouts: SessionTimeouts;
  /** Takes the rest when it cannot be delivered. */
  readonly unsentFile: UnsentFile;
  /** Hosts that earlier templates of the run gave findings; those of this one are added. */
  readonly delivered?: Delivered | undefined;
  /** Bytes; blocks are no larger, whatever the Management Center would take. */
  readonly maximumSize?: number;
  readonly clock?: Clock;
}

/** After an interruption the unit that is under way may still be completed for so long. */
const GRACE_MILLISECONDS = 5_000;
/** Replies whose complaints are shown; the others are counted. */
const MOST_COMPLAINTS = 20;

/**
 * Delivers to a Management Center, in blocks of whole units, and resolves when all is acknowledged. Complaints are
 * logged and counted in the delivery.
 * @throws DeliveryIncompleteError (what is not in was kept in `unsentFile`), UnsentNotKeptError, UnsentOutdatedError,
 * what the stream throws, the signal's reason
 */
export function managementCenterSink(options: ManagementCenterSinkOptions): Sink {
  return async (stream, context) => {
    const { unsentFile, delivered, clock = systemClock } = options;
    const { log, signal } = context;
    signal.throwIfAborted();
    const grace = new AbortController();
    let stopGrace = (): void => undefined;
    const onAbort = (): void => {
      stopGrace = clock.after(GRACE_MILLISECONDS, () => {
        grace.abort(signal.reason);
      });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const session = new SteadySession({ ...options, clock, log, signal, hardSignal: grace.signal });
    const dispatch = new Dispatch(session, context, unsentFile, delivered);
    try {
      await dispatch.run(delivered ? adding(stream, delivered) : stream);
    } finally {
      signal.removeEventListener('abort', onAbort);
      await dispatch.end();
      stopGrace();
      await unsentFile.settle();
    }
  };
}

/** One stream on its way, first to the Management Center, and after a failure to the file of what is unsent. */
class Dispatch {
  readonly #session: SteadySession;
  readonly #context: SinkContext;
  readonly #unsentFile: UnsentFile;
  readonly #delivered: Delivered | undefined;
  #failure: unknown;
  #lastBlock: Block | undefined;
  /** Units that are acknowledged, of which a complaint may still come. */
  #unconfirmed: readonly string[] = [];
  /** Whether a complaint came since units were last confirmed. */
  #complained = false;

  constructor(
    session: SteadySession,
    context: SinkContext,
    unsentFile: UnsentFile,
    delivered: Delivered | undefined,
  ) {
    this.#session = session;
    this.#context = context;
    this.#unsentFile = unsentFile;
    this.#delivered = delivered;
  }

  async run(stream: CommandStream): Promise<void> {
    await this.#attempt(() => this.#session.open());
    try {
      for await (const shipment of oneAhead(collectShipments(stream, () => this.#session.blockSize))) {
        try {
          await this.#dispatch(shipment);
        } finally {
          shipment.discard();
        }
      }
    } catch (error) {
      this.#context.signal.throwIfAborted();
      // The stream broke while the rest of it was being kept: what it gave until then is kept all the same.
      if (this.#failure !== undefined && !(error instanceof UnsentNotKeptError)) {
        this.#context.log.error('delivery.incomplete', (await this.#incomplete()).message);
      }
      throw error;
    }
    if (this.#failure !== undefined) throw await this.#incomplete();
  }

  /** Closes the connection, which may bring complaints, and compares what was sent with what was counted. */
  async end(): Promise<void> {
    for (const complaint of await this.#session.close()) this.#onComplaint(complaint, this.#lastBlock);
    this.#confirm([]);
    const { delivery, log } = this.#context;
    const { commands, processed } = delivery;
    if (processed === undefined || processed === commands) return;
    const text = `${grouped(commands)} commands were sent; the Management Center counts ${grouped(processed)} as processed.`;
    // Appliances count in their own way; but this is too little to be that.
    if (processed < commands / 2) log.warning('delivery.counts', text);
    else log.info('delivery.counts', text);
  }

  async #dispatch(shipment: Shipment): Promise<void> {
    this.#context.signal.throwIfAborted();
    if (this.#failure === undefined) await this.#attempt(() => this.#deliver(shipment));
    if (this.#failure !== undefined) await this.#unsentFile.add(shipment);
  }

  /** Remembers a failure, but not an interruption. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#context.signal.throwIfAborted();
      this.#failure = error;
      this.#context.log.warning(
        'delivery.stopped',
        `${happenedIn(error)} What is not in yet is kept in a file.`,
      );
    }
  }

  async #deliver(shipment: Shipment): Promise<void> {
    const { delivery } = this.#context;
    let processed: number | undefined;
    for await (const answer of this.#session.deliver(shipment)) {
      // A repetition begins anew.
      if (answer.offset === 0) processed = undefined;
      if (answer.offset !== undefined && answer.reply.processed !== undefined) {
        processed = (processed ?? 0) + answer.reply.processed;
      }
      this.#onAnswer(answer);
    }
    Object.assign(delivery, plus(delivery, shipment));
    if (processed !== undefined) delivery.processed = (delivery.processed ?? 0) + processed;
    for (const address of shipment.addresses) this.#delivered?.add(address);
    this.#confirm(shipment.endedUnits);
    this.#tellProgress();
  }

  /** Tells what is beyond doubt. What a complaint says is not understood: it may be about any unit of its block. */
  #confirm(units: readonly string[]): void {
    if (!this.#complained) this.#context.onAcknowledged?.(this.#unconfirmed);
    this.#unconfirmed = this.#complained ? [] : units;
    this.#complained = false;
  }

  #onAnswer({ block, reply, offset }: Answer): void {
    const { delivery, log } = this.#context;
    this.#lastBlock = block;
    if (offset !== undefined) {
      delivery.blocks++;
      log.debug('block.sent', `Sent command(s) of length ${block.length}`);
      this.#tellProgress();
    }
    log.debug('block.reply', `Management Center Response: ${oneLine(reply.text, 1000)}`);
    if (reply.complaint !== undefined) this.#onComplaint(reply.complaint, block);
  }

  #onComplaint(complaint: string, block: Block | undefined): void {
    const { delivery, log } = this.#context;
    delivery.complaints++;
    this.#complained = true;
    if (delivery.complaints > MOST_COMPLAINTS) return;
    for (const line of describeComplaint(complaint, block?.text ?? Buffer.alloc(0))) {
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

  /** Completes the file of what is unsent. */
  async #incomplete(): Promise<Error> {
    const { delivery } = this.#context;
    delivery.unsentFile = await this.#unsentFile.finish();
    const { units } = this.#unsentFile;
    return new DeliveryIncompleteError(this.#failure, delivery.units, units, delivery.unsentFile);
  }
}
