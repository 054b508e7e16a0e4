import { ConnectionLostError } from './errors.ts';
import { mayPass } from './may-pass.ts';
import { type OnReply, sendShipment } from './send-shipment.ts';
import { type Connect, LARGEST_BLOCK, openSession, type Session, type SessionTimeouts } from './session.ts';
import { type Shipment, shipmentInMemory } from './shipment.ts';
import { type StartTimer, wait } from './timer.ts';
import type { Log } from '../../log/log.ts';

/** Seconds before the first, second, ... reconnection; the last one for all that follow. */
const BACKOFF = [1, 4, 16, 60];

export interface SteadySessionOptions {
  readonly connect: Connect;
  /** Reconnections in a row that bring nothing further. */
  readonly retries: number;
  readonly timeouts: SessionTimeouts;
  /** Bytes; blocks are no larger, whatever the Management Center would take. Default LARGEST_BLOCK. */
  readonly maximumSize?: number | undefined;
  readonly startTimer: StartTimer;
  readonly log: Log;
  /** Ends waiting and connecting. */
  readonly signal: AbortSignal;
  /** Ends even the block in flight. */
  readonly hardSignal: AbortSignal;
}

/** A session that is opened again when it is lost, and then goes on with the shipment that was under way. */
export class SteadySession {
  readonly #options: SteadySessionOptions;
  /** Bytes of a block; what appliances take, as long as there was no session. */
  blockSize = LARGEST_BLOCK;
  #session: Session | undefined;
  #everOpen = false;
  /** In a row, since something was last acknowledged whole. */
  #failures = 0;

  constructor(options: SteadySessionOptions) {
    this.#options = options;
  }

  /** Throws as `deliver`. */
  open(): Promise<void> {
    return this.#persistently(async () => {
      await this.#opened();
    });
  }

  /**
   * Resolves when all of the shipment is acknowledged. After a loss it is sent again from its beginning: with
   * ScanFlush that is harmless. `onStart` is called at each such beginning.
   * Throws ConnectionLostError and the like when `retries` are used up, BlockRefusedError, LineTooLongError,
   * what `connect` throws, and the signals' reasons.
   */
  async deliver(shipment: Shipment, onStart: () => void, onReply: OnReply): Promise<void> {
    await this.#persistently(async () => {
      const fresh = this.#session === undefined;
      const session = await this.#opened();
      const { hardSignal } = this.#options;
      if (fresh && shipment.settings.length > 0) await this.#saySettings(session, shipment.settings);
      onStart();
      await sendShipment(session, shipment, this.blockSize, hardSignal, onReply);
    });
    this.#failures = 0;
  }

  async close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }

  async #opened(): Promise<Session> {
    if (this.#session) return this.#session;
    const { connect, timeouts, signal, startTimer, log } = this.#options;
    const socket = await connect(signal);
    this.#session = await openSession(socket, timeouts, signal, startTimer);
    this.#everOpen = true;
    this.blockSize = Math.min(this.#session.blockSize, this.#options.maximumSize ?? LARGEST_BLOCK);
    log.debug('session.open', `MAX Size Received: ${this.#session.maximumSize}`);
    return this.#session;
  }

  async #saySettings(session: Session, settings: readonly string[]): Promise<void> {
    const text = Buffer.from(settings.join(''));
    const tally = { bytes: text.length, units: 0, commands: settings.length, findings: 0 };
    // Its replies were judged when they were said first.
    await sendShipment(
      session,
      shipmentInMemory([text], tally, []),
      this.blockSize,
      this.#options.hardSignal,
      () => undefined,
    );
  }

  async #persistently(action: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await action();
        return;
      } catch (error) {
        this.#session?.destroy();
        this.#session = undefined;
        await this.#beforeNextTry(error);
      }
    }
  }

  /** Waits, or throws the error when it is not to be tried again. */
  async #beforeNextTry(error: unknown): Promise<void> {
    const { signal, retries, log, startTimer } = this.#options;
    signal.throwIfAborted();
    if (!mayPass(error, this.#everOpen) || this.#failures >= retries) throw error;
    const seconds = BACKOFF[Math.min(this.#failures, BACKOFF.length - 1)] ?? 0;
    this.#failures++;
    log.warning(
      'session.lost',
      `${sentence(error)} Trying again in ${seconds} s (${this.#failures} of ${retries}).`,
    );
    await wait(seconds * 1000, signal, startTimer);
  }
}

function sentence(error: unknown): string {
  if (error instanceof ConnectionLostError) {
    return `The connection to the Management Center was lost (${error.how}).`;
  }
  return error instanceof Error ? error.message : String(error);
}
