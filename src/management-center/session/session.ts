import type { TLSSocket } from 'node:tls';
import { ClientRefusedError } from '../connection/errors.ts';
import {
  ConnectionLostError,
  MaximumTooSmallError,
  NotHostInputError,
  VersionRefusedError,
} from './errors.ts';
import { FrameChannel, type Patience } from './frame-channel.ts';
import { FrameTooLongError } from './frame-reader.ts';
import { encodeUint32, type Frame, FrameType } from './frames.ts';
import { oneLine } from '../../text/one-line.ts';
import { judgeReply, type Reply } from './reply.ts';
import { startTimer, type StartTimer } from './timer.ts';

/** Milliseconds. */
export interface SessionTimeouts {
  /** From the version sent to the maximum size received. */
  readonly handshake: number;
  /** From a block sent to its reply received. */
  readonly reply: number;
}

/** Makes a TLS connection that is ready to be used. */
export type Connect = (signal: AbortSignal) => Promise<TLSSocket>;

export const PROTOCOL_VERSION = 1;

/** Bytes: an AddScanResult with the longest address, every field filled as shortly as can be, and no text. */
export const SMALLEST_MAXIMUM = 128;

/** Bytes: what appliances say, and the most that is sent in one block, however much one would take. */
export const LARGEST_BLOCK = 524_288;

const CLOSING_MILLISECONDS = 5_000;

/** A connection on which version and maximum size are agreed: blocks can be sent. */
export class Session {
  /** Bytes of commands that the Management Center takes in one block. */
  readonly maximumSize: number;
  /** Bytes of the blocks that are sent to it, and so of the longest line with its LF. */
  readonly blockSize: number;
  readonly #channel: FrameChannel;
  readonly #replyTimeout: number;
  readonly #startTimer: StartTimer;

  constructor(channel: FrameChannel, maximumSize: number, replyTimeout: number, timer: StartTimer) {
    this.#channel = channel;
    this.maximumSize = maximumSize;
    this.blockSize = Math.min(maximumSize, LARGEST_BLOCK);
    this.#replyTimeout = replyTimeout;
    this.#startTimer = timer;
  }

  /**
   * Sends one block and waits for its reply.
   * Throws ConnectionLostError, BlockRefusedError, or the signal's reason; the session is of no use afterwards.
   */
  async sendBlock(block: Uint8Array, signal: AbortSignal): Promise<Reply> {
    this.#channel.write(FrameType.data, block);
    try {
      return judgeReply(await this.#channel.read(this.#patience(signal)));
    } catch (error) {
      throw explainReply(error);
    }
  }

  /** What the Management Center has said since the last reply, unasked: more to the same block. Throws as sendBlock. */
  furtherReplies(): Reply[] {
    const replies: Reply[] = [];
    try {
      for (let frame = this.#channel.arrived(); frame; frame = this.#channel.arrived()) {
        replies.push(judgeReply(frame));
      }
      return replies;
    } catch (error) {
      throw explainReply(error);
    }
  }

  /** Ends the connection in good order. The Management Center then applies what no ScanFlush has applied. */
  close(): Promise<void> {
    return this.#channel.close({ milliseconds: CLOSING_MILLISECONDS, startTimer: this.#startTimer });
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#channel.destroy();
  }

  #patience(signal: AbortSignal): Patience {
    return { milliseconds: this.#replyTimeout, signal, startTimer: this.#startTimer };
  }
}

/**
 * Says the version and hears the maximum size. Nothing is imported by that.
 * Throws ClientRefusedError, VersionRefusedError, NotHostInputError, MaximumTooSmallError, ConnectionLostError
 * (no answer in time), or the signal's reason; the socket is destroyed then.
 */
export async function openSession(
  socket: TLSSocket,
  timeouts: SessionTimeouts,
  signal: AbortSignal,
  timer: StartTimer = startTimer,
): Promise<Session> {
  const server = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
  const channel = new FrameChannel(socket);
  try {
    channel.write(FrameType.version, encodeUint32(PROTOCOL_VERSION));
    const answer = await channel.read({ milliseconds: timeouts.handshake, signal, startTimer: timer });
    return new Session(channel, readMaximumSize(answer, server), timeouts.reply, timer);
  } catch (error) {
    channel.destroy();
    throw explainHandshake(error, server);
  }
}

function readMaximumSize(answer: Frame, server: string): number {
  if (answer.type === FrameType.error) {
    throw new VersionRefusedError(server, oneLine(answer.body.toString('utf8'), 1000));
  }
  if (answer.type !== FrameType.maximumSize || answer.body.length !== 4) {
    throw new NotHostInputError(server, `a message of type ${answer.type} with ${answer.body.length} bytes`);
  }
  const maximum = answer.body.readUInt32BE(0);
  if (maximum < SMALLEST_MAXIMUM) throw new MaximumTooSmallError(server, maximum, SMALLEST_MAXIMUM);
  return maximum;
}

function explainReply(error: unknown): unknown {
  return error instanceof FrameTooLongError
    ? new ConnectionLostError(`it sent ${error.message}`, { cause: error })
    : error;
}

/** Before the first answer, an end of the connection means that this client is not wanted. */
function explainHandshake(error: unknown, server: string): unknown {
  if (error instanceof FrameTooLongError) return new NotHostInputError(server, error.message);
  if (!(error instanceof ConnectionLostError) || error.timedOut) return error;
  return new ClientRefusedError(server, error.cause);
}
