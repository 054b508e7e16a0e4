import type { TLSSocket } from 'node:tls';
import { type Clock, systemClock } from '../../clock.ts';
import { ClientRefusedError } from '../connection/errors.ts';
import type { Block } from './block.ts';
import { ConnectionLostError, named, NotHostInputError } from './errors.ts';
import { FrameChannel, type Patience } from './frame-channel.ts';
import { FrameTooLongError } from './frame-reader.ts';
import {
  data,
  readMaximumSize,
  readReply,
  readUnasked,
  type Reply,
  USUAL_MAXIMUM,
  version,
} from './messages.ts';

/** Milliseconds. */
export interface SessionTimeouts {
  /** From the version sent to the maximum size received. */
  readonly handshake: number;
  /** From a block sent to its reply received. */
  readonly reply: number;
}

/** Makes a TLS connection that is ready to be used. */
export type Connect = (signal: AbortSignal) => Promise<TLSSocket>;

const CLOSING_MILLISECONDS = 5_000;
/** Messages that are heard while the connection is being closed; then it is cut. */
const MOST_LATE = 10;

/** A connection on which version and maximum size are agreed: blocks can be sent. */
export class Session {
  /** Bytes of commands that the Management Center takes in one block. */
  readonly maximumSize: number;
  /** Bytes of the blocks that are sent to it, and so of the longest line with its LF. */
  readonly blockSize: number;
  readonly #channel: FrameChannel;
  readonly #replyTimeout: number;
  readonly #clock: Clock;

  constructor(channel: FrameChannel, maximumSize: number, replyTimeout: number, clock: Clock) {
    this.#channel = channel;
    this.maximumSize = maximumSize;
    this.blockSize = Math.min(maximumSize, USUAL_MAXIMUM);
    this.#replyTimeout = replyTimeout;
    this.#clock = clock;
  }

  /**
   * Sends one block and waits for its reply. The session is of no use after a failure.
   * @throws ConnectionLostError, BlockRefusedError, the signal's reason
   */
  async sendBlock(block: Block, signal: AbortSignal): Promise<Reply> {
    this.#channel.write(data(block));
    try {
      const frame = await this.#channel.read(this.#patience(this.#replyTimeout, signal));
      return readReply(frame, block, this.#channel.peer);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /**
   * What the Management Center has said since the last reply, unasked: each a complaint about the same block.
   * @throws as sendBlock
   */
  furtherReplies(block: Block): Reply[] {
    const replies: Reply[] = [];
    try {
      for (let frame = this.#channel.arrived(); frame; frame = this.#channel.arrived()) {
        replies.push({ ...readReply(frame, block, this.#channel.peer), complaint: readUnasked(frame) });
      }
      return replies;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /**
   * Ends the connection in good order. The Management Center then applies what no ScanFlush has applied.
   * @returns what it says while that goes on, as complaints
   */
  async close(): Promise<string[]> {
    const late: string[] = [];
    const stopTimer = this.#clock.after(CLOSING_MILLISECONDS, () => {
      this.destroy();
    });
    try {
      this.#channel.end();
      const patience = this.#patience(CLOSING_MILLISECONDS, new AbortController().signal);
      while (late.length < MOST_LATE) late.push(readUnasked(await this.#channel.read(patience)));
      this.destroy();
    } catch (error) {
      if (error instanceof FrameTooLongError) {
        late.push(error.message);
        this.destroy();
      }
      // Else the connection has ended, as it should.
    }
    await this.#channel.closed();
    stopTimer();
    return late;
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#channel.destroy();
  }

  #patience(milliseconds: number, signal: AbortSignal): Patience {
    return { milliseconds, signal, clock: this.#clock };
  }

  #explain(error: unknown): unknown {
    return error instanceof FrameTooLongError
      ? new ConnectionLostError(this.#channel.peer, `it sent ${error.message}`, { cause: error })
      : error;
  }
}

/**
 * Says the version and hears the maximum size. Nothing is imported by that. The socket is destroyed at a failure.
 * @throws ClientRefusedError, VersionRefusedError, NotHostInputError, MaximumTooSmallError, ConnectionLostError
 * (no answer in time), the signal's reason
 */
export async function openSession(
  socket: TLSSocket,
  timeouts: SessionTimeouts,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<Session> {
  const channel = new FrameChannel(socket);
  try {
    channel.write(version());
    const answer = await channel.read({ milliseconds: timeouts.handshake, signal, clock });
    return new Session(channel, readMaximumSize(answer, channel.peer), timeouts.reply, clock);
  } catch (error) {
    channel.destroy();
    if (error instanceof FrameTooLongError) throw new NotHostInputError(channel.peer, error.message);
    // Before the first answer, an end of the connection means that this client is not wanted.
    if (error instanceof ConnectionLostError && !error.timedOut) {
      throw new ClientRefusedError(named(channel.peer), error.cause);
    }
    throw error;
  }
}
