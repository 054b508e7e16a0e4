import type { Duplex } from 'node:stream';
import { ConnectionLostError } from './errors.ts';
import { FrameReader } from './frame-reader.ts';
import { encodeFrame, type Frame } from './frames.ts';
import type { StartTimer } from './timer.ts';

/** The longest answer that is read; a real one to a full block is far below it. */
export const LONGEST_ANSWER = 16 * 1024 * 1024;

export interface Patience {
  readonly milliseconds: number;
  /** Aborted: the wait ends at once with the signal's reason. */
  readonly signal: AbortSignal;
  readonly startTimer: StartTimer;
}

/**
 * Frames over a connected socket. Reads only while a frame is wanted, so that a peer that talks without end fills no
 * memory. Every failure of the socket is a ConnectionLostError, whose cause is what the socket reported.
 */
export class FrameChannel {
  readonly #socket: Duplex;
  readonly #reader = new FrameReader(LONGEST_ANSWER);
  #lost: ConnectionLostError | undefined;
  #wake: () => void = () => undefined;

  constructor(socket: Duplex) {
    this.#socket = socket;
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

  /** Header and body in one write. Back-pressure: callers write one frame and then read its answer. */
  write(type: number, body: Uint8Array): void {
    if (this.#lost) throw this.#lost;
    this.#socket.write(encodeFrame(type, body));
  }

  /** The next frame. Throws ConnectionLostError, FrameTooLongError or the signal's reason. */
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
      const stopTimer = patience.startTimer(patience.milliseconds, () => {
        this.#lose(`no answer within ${patience.milliseconds / 1000} seconds`, { timedOut: true });
      });
      patience.signal.addEventListener('abort', look);
      this.#wake = look;
      look();
    });
  }

  /** A frame that is already here, without waiting. */
  arrived(): Frame | undefined {
    for (;;) {
      const frame = this.#reader.next();
      if (frame) return frame;
      const bytes = this.#socket.read() as Buffer | null;
      if (bytes === null) return undefined;
      this.#reader.push(bytes);
    }
  }

  /** Ends the connection in good order, but waits no longer than `patience` for the peer to do the same. */
  close(patience: Omit<Patience, 'signal'>): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) {
        resolve();
        return;
      }
      const stopTimer = patience.startTimer(patience.milliseconds, () => {
        this.#socket.destroy();
      });
      this.#socket.once('close', () => {
        stopTimer();
        resolve();
      });
      this.#socket.end();
      this.#socket.resume();
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #lose(how: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}): void {
    this.#lost ??= new ConnectionLostError(how, options);
    this.#wake();
  }
}
