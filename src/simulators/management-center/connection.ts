import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { FrameReader, FrameTooLongError } from '../../management-center/session/frame-reader.ts';
import { encodeFrame, encodeUint32, type Frame, FrameType } from '../../management-center/session/frames.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { Interpreter } from './interpreter.ts';
import { Transcript } from './transcript.ts';

const NEWEST_VERSION = 1;
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
      const end = await this.#talk();
      if (end === 'close') this.#parts.socket.end();
      else if (end === 'reset') this.#parts.transport.resetAndDestroy();
      else await this.#listenOnly();
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
      if (frame === 'ended') return 'close';
      if (frame === 'cut') return (fault as { does: End }).does;
      const end = block === 0 ? await this.#onVersion(frame, fault) : await this.#onBlock(frame, fault);
      if (end) return end;
    }
  }

  async #nextFrame(fault: Fault | undefined): Promise<Frame | 'cut' | 'ended'> {
    const cutAfter = fault && 'afterBytes' in fault ? fault.afterBytes : undefined;
    for (;;) {
      if (cutAfter !== undefined && this.#reader.pendingBytes >= cutAfter) return 'cut';
      const frame = this.#tryNext();
      if (frame) return frame;
      const next = await this.#incoming.next();
      if (next.done) return 'ended';
      this.received.add(next.value);
      this.#reader.push(next.value);
    }
  }

  /** A block above the maximum becomes one of type 4 to itself: it is refused as one of a wrong type. */
  #tryNext(): Frame | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (error instanceof FrameTooLongError) {
        return { type: FrameType.error, body: Buffer.from(error.message) };
      }
      throw error;
    }
  }

  async #onVersion(frame: Frame, fault: Fault | undefined): Promise<End | undefined> {
    if (frame.type !== FrameType.version || frame.body.length !== 4) {
      return this.#refuse('version expected');
    }
    const version = frame.body.readUInt32BE(0);
    if (version > NEWEST_VERSION) return this.#refuse(`version ${version} is not supported`);
    this.#parts.log(`connection ${this.number}: version ${version}`);
    const answer = encodeFrame(FrameType.maximumSize, encodeUint32(this.#parts.maximumSize));
    return this.#answer(answer, fault);
  }

  async #onBlock(frame: Frame, fault: Fault | undefined): Promise<End | undefined> {
    if (frame.type === FrameType.error) return this.#refuse(`refused: ${frame.body.toString('utf8')}`);
    if (frame.type !== FrameType.data) return this.#refuse(`data expected, not type ${frame.type}`);
    this.blocks++;
    let text = '';
    if (!fault || fault.does === 'answer' || ('applied' in fault && fault.applied)) {
      const { processed, errors } = this.interpreter.run(frame.body);
      text = [...errors, `Done processing ${processed} commands.`].map((line) => `${line}\n`).join('');
      this.#parts.log(
        `connection ${this.number}: block of ${frame.body.length} bytes, ${processed} commands, ${errors.length} errors`,
      );
    }
    if (fault?.does === 'answer') text = fault.text ?? text;
    return this.#answer(encodeFrame(FrameType.data, Buffer.from(text)), fault);
  }

  async #answer(answer: Buffer, fault: Fault | undefined): Promise<End | undefined> {
    if (!fault) {
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
    await this.#write(encodeFrame(FrameType.error, Buffer.from(text)));
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
