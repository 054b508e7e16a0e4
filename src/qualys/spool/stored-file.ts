import type { FileHandle } from 'node:fs/promises';
import { systemReason } from '../../files/system-reason.ts';
import { ReportTooLargeError, SpoolWriteFailedError } from './errors.ts';

/** An open file that holds what was stored last. */
export class StoredFile {
  readonly file: FileHandle;
  readonly #directory: string;
  readonly #limit: number;
  #bytes = 0;

  /**
   * @param directory where it lies, for messages
   * @param limit bytes that it may become large
   */
  constructor(file: FileHandle, directory: string, limit: number) {
    this.file = file;
    this.#directory = directory;
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Replaces what was stored. @throws ReportTooLargeError, SpoolWriteFailedError */
  async store(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#bytes > 0) await this.#guard(this.file.truncate());
    this.#bytes = 0;
    for await (const chunk of chunks) {
      if (this.#bytes + chunk.length > this.#limit) throw new ReportTooLargeError(this.#limit);
      await this.#append(chunk);
    }
  }

  /** The first and the last bytes, as text. */
  async ends(length: number): Promise<{ start: string; end: string }> {
    return {
      start: await this.#textAt(0, length),
      end: await this.#textAt(Math.max(0, this.#bytes - length), length),
    };
  }

  /** To be called before it gets a name: a network file system may tell only now that there was no room. */
  async sync(): Promise<void> {
    await this.#guard(this.file.sync());
  }

  /** At its place, not where the descriptor stands: whoever reads that begins at the beginning. */
  async #append(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      const step = this.file.write(chunk, from, chunk.length - from, this.#bytes);
      const { bytesWritten } = await this.#guard(step);
      from += bytesWritten;
      this.#bytes += bytesWritten;
    }
  }

  async #textAt(position: number, length: number): Promise<string> {
    const { bytesRead, buffer } = await this.file.read(Buffer.alloc(length), 0, length, position);
    return buffer.toString('utf8', 0, bytesRead);
  }

  async #guard<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw new SpoolWriteFailedError(this.#directory, this.#bytes, systemReason(error), error);
    }
  }
}
