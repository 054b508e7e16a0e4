import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { FrameReader, FrameTooLongError } from '../../management-center/session/frame-reader.ts';
import { type Frame, HEADER_LENGTH } from '../../management-center/session/frames.ts';
import {
  errorMessage,
  maximumSize,
  PROTOCOL_VERSION,
  readData,
  readVersion,
  reply,
} from '../../management-center/session/messages.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { Interpreter } from './interpreter.ts';
import { Transcript } from './transcript.ts';

/** However large the maximum said, no more is taken in one block. */
const MOST_BYTES = 64 * 1024 * 1024;

type End = 'close' | 'reset' | 'silence';

export interface ConnectionParts {
  readonly number: number;
  readonly socket: TLSSocket;
  /** The TCP socket below, which alone can be reset. */
  readonly transport: Socket;
  readonly interpreter: Interpreter;
  readonly maximumSize: number;
  readonly faults: FaultPlan;
  readonly keepTranscript: boolean;
  readonly log: (message: string) => void;
}

/** One connection: version, maximum size, then block and reply in turn until either side ends it. */
export class Connection {
  readonly number: number;
  readonly received: Transcript;
  readonly sent: Transcript;
  /** Whole blocks received. */
  blocks = 0;
  readonly interpreter: Interpreter;
  readonly #parts: ConnectionParts;
  readonly #reader: FrameReader;
  readonly #incoming: AsyncIterator<Buffer, undefined>;
  /** Bytes of the frames that were taken up. */
  #handled = 0;

  constructor(parts: ConnectionParts) {
    this.number = parts.number;
    this.interpreter = parts.interpreter;
    this.received = new Transcript(parts.keepTranscript);
    this.sent = new Transcript(parts.keepTranscript);
    this.#parts = parts;
    this.#reader = new FrameReader(Math.min(Math.max(parts.maximumSize, 4), MOST_BYTES));
    this.#incoming = parts.socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  }

  /** Resolves when the connection is over; what then still waits is merged into the network map. */
  async serve(): Promise<void> {
    try {
      const end = await this.#talk().catch((error: unknown) => {
        if (error instanceof FrameTooLongError) return this.#refuse(error.message);
        throw error;
      });
      if (end === 'silence') await this.#listenOnly();
      if (end === 'reset') this.#parts.transport.resetAndDestroy();
      else this.#parts.socket.end();
    } catch (error) {
      this.#parts.log(`connection ${this.number}: ${(error as Error).message}`);
      this.#parts.socket.destroy();
    } finally {
      this.interpreter.end();
    }
  }

  async #talk(): Promise<End> {
    for (let block = 0; ; block++) {
      const fault = this.#parts.faults({ connection: this.number, block });
      const frame = await this.#nextFrame(fault);
      if (frame === 'ended') return fault?.does === 'late' ? this.#refuse(fault.text) : 'close';
      if (frame === 'cut') return (fault as { does: End }).does;
      const end = block === 0 ? await this.#onVersion(frame, fault) : await this.#onBlock(frame, fault);
      if (end) return end;
    }
  }

  async #nextFrame(fault: Fault | undefined): Promise<Frame | 'cut' | 'ended'> {
    const cutAfter = fault && 'afterBytes' in fault ? fault.afterBytes : undefined;
    for (;;) {
      if (cutAfter !== undefined && this.received.bytes - this.#handled >= cutAfter) return 'cut';
      const frame = this.#reader.next();
      if (frame) {
        this.#handled += HEADER_LENGTH + frame.body.length;
        return frame;
      }
      const next = await this.#incoming.next();
      if (next.done) return 'ended';
      this.received.add(next.value);
      this.#reader.push(next.value);
    }
  }

  async #onVersion(frame: Frame, fault: Fault | undefined): Promise<End | undefined> {
    const version = readVersion(frame);
    if (version === undefined) return this.#refuse('version expected');
    if (version > PROTOCOL_VERSION) return this.#refuse(`version ${version} is not supported`);
    this.#parts.log(`connection ${this.number}: version ${version}`);
    return this.#answer(maximumSize(this.#parts.maximumSize), fault);
  }

  async #onBlock(frame: Frame, fault: Fault | undefined): Promise<End | undefined> {
    const commands = readData(frame);
    if (!commands) return this.#refuse(`data expected, not type ${frame.type}`);
    this.blocks++;
    let text = '';
    if (!fault || fault.does === 'answer' || fault.does === 'late' || ('applied' in fault && fault.applied)) {
      const { processed, errors } = this.interpreter.run(commands);
      text = [...errors, `Done processing ${processed} commands.`].map((line) => `${line}\n`).join('');
      this.#parts.log(
        `connection ${this.number}: block of ${commands.length} bytes, ${processed} commands, ${errors.length} errors`,
      );
    }
    if (fault?.does === 'answer') text = fault.text ?? text;
    return this.#answer(reply(text), fault);
  }

  async #answer(answer: Buffer, fault: Fault | undefined): Promise<End | undefined> {
    if (!fault || fault.does === 'late') {
      await this.#write(answer);
      return undefined;
    }
    switch (fault.does) {
      case 'close':
      case 'reset':
      case 'silence':
        return fault.does;
      case 'error':
        return this.#refuse(fault.text);
      case 'raw':
        await this.#write(fault.bytes);
        return 'silence';
      case 'answer':
        for (const piece of piecesOf(answer, fault)) await this.#write(piece);
        return fault.upTo?.then;
      default:
        return fault satisfies never;
    }
  }

  async #refuse(text: string): Promise<End> {
    await this.#write(errorMessage(text));
    return 'close';
  }

  #write(bytes: Buffer): Promise<void> {
    this.sent.add(bytes);
    return new Promise((resolve, reject) => {
      this.#parts.socket.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Takes what comes, says nothing, until the client has gone. */
  async #listenOnly(): Promise<void> {
    for (;;) {
      const next = await this.#incoming.next();
      if (next.done) return;
      this.received.add(next.value);
    }
  }
}

function piecesOf(answer: Buffer, fault: Extract<Fault, { does: 'answer' }>): Buffer[] {
  const wanted = fault.upTo ? answer.subarray(0, fault.upTo.bytes) : answer;
  if (fault.pieces === 'byte by byte') {
    return Array.from({ length: wanted.length }, (_, index) => wanted.subarray(index, index + 1));
  }
  if (fault.pieces === 'split header') return [wanted.subarray(0, 3), wanted.subarray(3)];
  return [fault.pieces === 'twice in one record' ? Buffer.concat([wanted, wanted]) : wanted];
}
