import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CommandFileChangedError, CommandFileUnreadableError, NotARegularFileError } from './errors.ts';

const LF = 0x0a;
const CHUNK = 1024 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** A file of commands, held open so that what was checked is what is sent. */
export class CommandFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #stamp: string;

  private constructor(path: string, file: FileHandle, size: number, stamp: string) {
    this.path = path;
    this.#file = file;
    this.#size = size;
    this.#stamp = stamp;
  }

  /** @throws CommandFileUnreadableError, NotARegularFileError */
  static async open(path: string): Promise<CommandFile> {
    let file: FileHandle | undefined;
    try {
      // Without O_NONBLOCK a named pipe that nobody writes to would be waited for.
      file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const stat = await file.stat();
      if (stat.isFile()) return new CommandFile(path, file, stat.size, await stampOf(file));
    } catch (error) {
      await file?.close();
      throw new CommandFileUnreadableError(path, error);
    }
    await file.close();
    throw new NotARegularFileError(path);
  }

  /**
   * All of it in pieces of whole lines, from the beginning each time. Of a line of more than a megabyte, which no block
   * can hold, only the beginning comes, without its LF. @throws CommandFileChangedError, CommandFileUnreadableError
   */
  async *pieces(): AsyncGenerator<Buffer> {
    let rest = NOTHING;
    let passingOver = false;
    for (let offset = 0; offset < this.#size;) {
      const bytes = await this.#read(offset);
      offset += bytes.length;
      const line = passingOver ? bytes.indexOf(LF) + 1 : 0;
      if (passingOver && line === 0) continue;
      const text = Buffer.concat([rest, bytes.subarray(line)]);
      const end = text.lastIndexOf(LF) + 1;
      passingOver = end === 0 && text.length >= CHUNK;
      const cut = passingOver ? text.length : end;
      rest = text.subarray(cut);
      if (cut > 0) yield text.subarray(0, cut);
    }
    if (rest.length > 0) yield rest;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #read(offset: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, this.#size - offset));
    try {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0 || (await stampOf(this.#file)) !== this.#stamp) {
        throw new CommandFileChangedError(this.path);
      }
      return buffer.subarray(0, bytesRead);
    } catch (error) {
      if (error instanceof CommandFileChangedError) throw error;
      throw new CommandFileUnreadableError(this.path, error);
    }
  }
}

/** Changes when the content is written to; not when the file is renamed or removed. */
async function stampOf(file: FileHandle): Promise<string> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return `${size} ${mtimeNs}`;
}
