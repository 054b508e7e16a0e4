import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../clock.ts';
import { ConnectionLostError, type Peer } from './errors.ts';
import { FrameReader } from './frame-reader.ts';
import type { Frame } from './frames.ts';

/** The longest answer that is read; a real one to a full block is far below it. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

export interface Patience {
  readonly milliseconds: number;
  /** Aborted: the wait ends at once with the signal's reason. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Frames over a connected socket. Reads only while a frame is wanted, so that a peer that talks without end fills no
 * memory. Every failure of the socket is a ConnectionLostError, whose cause is what the socket reported.
 */
export class FrameChannel {
  readonly peer: Peer;
  readonly #socket: TLSSocket;
  readonly #reader = new FrameReader(LONGEST_ANSWER);
  #lost: ConnectionLostError | undefined;
  #wake: () => void = () => undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    this.peer = { address: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 };
    socket.on('readable', () => {
      this.#wake();
    });
    socket.on('end', () => {
      this.#lose('the Management Center closed it');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#lose(error.code ?? error.message, { cause: error });
    });
    socket.on('close', () => {
      this.#lose('it was closed');
    });
  }

  /**
   * Header and body in one write. Back-pressure: callers write one frame and then read its answer, after which they may
   * use its memory for something else. When the answer comes early, what was not sent yet waits as a copy.
   */
  write(frame: Buffer): void {
    if (this.#lost) throw this.#lost;
    this.#socket.write(this.#socket.writableLength > 0 ? Buffer.from(frame) : frame);
  }

  /** The next frame. @throws ConnectionLostError, FrameTooLongError, the signal's reason */
  read(patience: Patience): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        stopTimer();
        patience.signal.removeEventListener('abort', look);
        this.#wake = () => undefined;
        action();
      };
      const look = (): void => {
        try {
          const frame = this.arrived();
          if (frame) {
            settle(() => {
              resolve(frame);
            });
          } else if (this.#lost) throw this.#lost;
          else patience.signal.throwIfAborted();
        } catch (error) {
          settle(() => {
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        }
      };
      const stopTimer = patience.clock.after(patience.milliseconds, () => {
        this.#lose(`no answer within ${patience.milliseconds / 1000} seconds`, { timedOut: true });
      });
      patience.signal.addEventListener('abort', look);
      this.#wake = look;
      look();
    });
  }

  /** A frame that is already here, without waiting. @throws FrameTooLongError */
  arrived(): Frame | undefined {
    for (;;) {
      const frame = this.#reader.next();
      if (frame) return frame;
      const bytes = this.#socket.read() as Buffer | null;
      if (bytes === null) return undefined;
      this.#reader.push(bytes);
    }
  }

  /** Says that nothing more will be written; frames can still be read. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Resolves when the connection is gone in both directions. */
  closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) resolve();
      else this.#socket.once('close', resolve);
    });
  }

  #lose(how: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}): void {
    this.#lost ??= new ConnectionLostError(this.peer, how, options);
    this.#wake();
  }
}
