import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { removeAtExit } from './remove-at-exit.ts';
import { systemReason } from './system-reason.ts';

const failure = failures(ExitCode.failed);

const BUFFER_SIZE = 1_048_576;

/**
 * A text file that appears under its name only when it is whole: it is written to a temporary file beside it,
 * synced and renamed. An existing file keeps its permissions; a new one is for its owner alone. A device or a
 * pipe (/dev/stdout) is written to directly.
 */
export class AtomicFile {
  readonly #what: string;
  readonly #path: string;
  readonly #target: string;
  readonly #temporary: string | undefined;
  readonly #file: FileHandle;
  readonly #keep: () => void;
  #pending: string[] = [];
  /** Of all that is pending. */
  #encoding: BufferEncoding = 'utf8';
  #pendingLength = 0;
  #bytes = 0;

  private constructor(
    what: string,
    path: string,
    target: string,
    temporary: string | undefined,
    file: FileHandle,
  ) {
    this.#what = what;
    this.#path = path;
    this.#target = target;
    this.#temporary = temporary;
    this.#file = file;
    this.#keep = temporary === undefined ? () => undefined : removeAtExit(temporary);
  }

  /** @param what names the file in errors, e.g. `The CSV file`. @throws FileWriteError */
  static async create(what: string, path: string): Promise<AtomicFile> {
    try {
      const existing = await stat(path).catch(() => undefined);
      const target = existing ? await realpath(path) : path;
      if (existing && !existing.isFile()) {
        return new AtomicFile(what, path, target, undefined, await open(target, 'w'));
      }
      // A name that nobody can have put something under, not even a link to another file.
      const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`);
      const file = await open(temporary, 'wx', 0o600);
      if (existing) await file.chmod(existing.mode & 0o777);
      return new AtomicFile(what, path, target, temporary, file);
    } catch (error) {
      throw new FileWriteError(what, path, error);
    }
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws FileWriteError, after which the file is gone */
  async write(text: string, encoding: BufferEncoding = 'utf8'): Promise<void> {
    if (encoding !== this.#encoding) await this.#guard(() => this.#flush());
    this.#encoding = encoding;
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= BUFFER_SIZE) await this.#guard(() => this.#flush());
  }

  /** Writes what is left, syncs, and gives the file its name. @throws FileWriteError */
  async commit(): Promise<void> {
    await this.#guard(async () => {
      await this.#flush();
      if (this.#temporary) await this.#file.sync();
      await this.#file.close();
      if (this.#temporary) await rename(this.#temporary, this.#target);
    });
    this.#keep();
  }

  /** Leaves nothing behind. Does no harm after commit. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    if (this.#temporary) await rm(this.#temporary, { force: true });
    this.#keep();
  }

  async #flush(): Promise<void> {
    const data = Buffer.from(this.#pending.join(''), this.#encoding);
    this.#pending = [];
    this.#pendingLength = 0;
    await this.#file.writeFile(data);
    this.#bytes += data.length;
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.discard();
      throw new FileWriteError(this.#what, this.#path, error);
    }
  }
}

/** A file could not be written whole; nothing of it was left behind. */
export const FileWriteError = failure('QC6001', (what: string, path: string, cause: unknown) => [
  `${what} ${path} cannot be written: ${systemReason(cause, { ENOENT: 'its directory does not exist' })}.`,
  'Name another place, or make room or permission there; nothing half-written was left.',
  { cause },
]);
