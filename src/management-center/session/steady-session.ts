import type { Clock } from '../../clock.ts';
import { happenedIn } from '../../connector-error.ts';
import { bytesOf, type SessionSetting } from '../../host-input/command-stream.ts';
import type { Log } from '../../log/log.ts';
import { Block } from './block.ts';
import { mayPass } from './may-pass.ts';
import { type Reply, USUAL_MAXIMUM } from './messages.ts';
import { type Connect, openSession, type Session, type SessionTimeouts } from './session.ts';
import { blocksOf, inMemory, type Shipment } from './shipment.ts';

/** Seconds before the first, second, ... reconnection; the last one for all that follow. */
const BACKOFF = [1, 4, 16, 60];

export interface SteadySessionOptions {
  readonly connect: Connect;
  /** Reconnections in a row that bring nothing further. */
  readonly retries: number;
  readonly timeouts: SessionTimeouts;
  /** Bytes; blocks are no larger, whatever the Management Center would take. Default USUAL_MAXIMUM. */
  readonly maximumSize?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends waiting and connecting. */
  readonly signal: AbortSignal;
  /** Ends even the block in flight. */
  readonly hardSignal: AbortSignal;
}

/** A block and what was said to it. */
export interface Answer {
  readonly block: Block;
  readonly reply: Reply;
  /** Where the block begins in its shipment. Undefined: settings that were said again, or a further reply. */
  readonly offset: number | undefined;
}

/** A session that is opened again when it is lost, and then goes on with the shipment that was under way. */
export class SteadySession {
  readonly #options: SteadySessionOptions;
  /** Bytes of a block; what appliances take, as long as there was no session. */
  blockSize = USUAL_MAXIMUM;
  #session: Session | undefined;
  #everOpen = false;
  /** In a row, since something was last acknowledged whole. */
  #failures = 0;
  #last = Block.of(Buffer.alloc(0));

  constructor(options: SteadySessionOptions) {
    this.#options = options;
  }

  /** @throws as `deliver` */
  async open(): Promise<void> {
    for (;;) {
      try {
        await this.#opened();
        return;
      } catch (error) {
        await this.#beforeNextTry(error);
      }
    }
  }

  /**
   * Sends a shipment and gives the answers to its blocks as they come; ends when all of it is acknowledged. After a
   * loss it is sent again from its beginning (offset 0): with ScanFlush that is harmless.
   * @throws ConnectionLostError and the like when `retries` are used up, BlockRefusedError, LineTooLongError,
   * what `connect` throws, and the signals' reasons
   */
  async *deliver(shipment: Shipment): AsyncGenerator<Answer> {
    for (;;) {
      try {
        yield* this.#answers(shipment);
        this.#failures = 0;
        return;
      } catch (error) {
        await this.#beforeNextTry(error);
      }
    }
  }

  /** @returns what the Management Center says while the connection is closed, as complaints */
  async close(): Promise<string[]> {
    const session = this.#session;
    this.#session = undefined;
    return (await session?.close()) ?? [];
  }

  async *#answers(shipment: Shipment): AsyncGenerator<Answer> {
    const fresh = this.#session === undefined;
    const session = await this.#opened();
    if (fresh) yield* this.#say(session, shipment.settings);
    let offset = 0;
    for (const block of blocksOf(shipment, this.blockSize)) {
      yield* this.#further(session);
      yield { block, reply: await this.#send(session, block), offset };
      offset += block.length;
    }
    yield* this.#further(session);
  }

  async *#say(session: Session, settings: readonly SessionSetting[]): AsyncGenerator<Answer> {
    const whole = Block.of(Buffer.concat(settings.map(bytesOf)));
    for (const block of blocksOf(inMemory(whole), this.blockSize)) {
      yield { block, reply: await this.#send(session, block), offset: undefined };
    }
  }

  #send(session: Session, block: Block): Promise<Reply> {
    this.#last = block;
    return session.sendBlock(block, this.#options.hardSignal);
  }

  /** What was said after the reply to the last block. */
  *#further(session: Session): Generator<Answer> {
    const block = this.#last;
    for (const reply of session.furtherReplies(block)) yield { block, reply, offset: undefined };
  }

  async #opened(): Promise<Session> {
    if (this.#session) return this.#session;
    const { connect, timeouts, signal, clock, log } = this.#options;
    const socket = await connect(signal);
    this.#session = await openSession(socket, timeouts, signal, clock);
    this.#everOpen = true;
    this.blockSize = Math.min(this.#session.blockSize, this.#options.maximumSize ?? USUAL_MAXIMUM);
    log.debug('session.open', `MAX Size Received: ${this.#session.maximumSize}`);
    return this.#session;
  }

  /** Waits, or throws the error when it is not to be tried again. */
  async #beforeNextTry(error: unknown): Promise<void> {
    this.#session?.destroy();
    this.#session = undefined;
    const { signal, retries, log, clock } = this.#options;
    signal.throwIfAborted();
    if (!mayPass(error, this.#everOpen) || this.#failures >= retries) throw error;
    const seconds = BACKOFF[Math.min(this.#failures, BACKOFF.length - 1)] ?? 0;
    this.#failures++;
    log.warning(
      'session.lost',
      `${happenedIn(error)} Trying again in ${seconds} s (${this.#failures} of ${retries}).`,
    );
    await clock.sleep(seconds * 1000, signal);
  }
}
