import type { Stats } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConnectorError, failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { partialName } from './leftovers.ts';
import { nameExclusively } from './name-exclusively.ts';
import { openNamelessIn } from './nameless-file.ts';
import { removeAtExit } from './remove-at-exit.ts';
import { isDescriptor, SpecialFile } from './special-file.ts';
import { systemReason } from './system-reason.ts';

const failure = failures(ExitCode.failed);

/** Bytes collected for one write. */
const BUFFER_SIZE = 131_072;

/** Read and written by its owner alone. */
const OWN = 0o600;

interface CreateOptions {
  /** Ends the waiting for the reader of a pipe. */
  readonly signal?: AbortSignal | undefined;
  /** The permissions of a new file, whatever the umask. */
  readonly mode?: number | undefined;
}

type OpenFile = Pick<FileHandle, 'writeFile' | 'sync' | 'close'>;

/**
 * A text file that appears under its name only when it is whole: it is written to a temporary file beside it,
 * synced and renamed. An existing file keeps its permissions; a new one is for its owner alone, unless another mode is
 * asked for. A device, a pipe and what a descriptor leads to (/dev/stdout) is written to directly.
 */
export class AtomicFile {
  readonly #what: string;
  readonly #path: string;
  readonly #target: string;
  readonly #temporary: string | undefined;
  readonly #file: OpenFile;
  readonly #keep: () => void;
  /** Text becomes bytes at once: strings that wait would outlive V8's young generation, which grows with them. */
  #buffer: Buffer | undefined;
  #used = 0;

  private constructor(
    what: string,
    path: string,
    target: string,
    temporary: string | undefined,
    file: OpenFile,
  ) {
    this.#what = what;
    this.#path = path;
    this.#target = target;
    this.#temporary = temporary;
    this.#file = file;
    this.#keep = temporary === undefined ? () => undefined : removeAtExit(temporary);
  }

  /**
   * @param what names the file in errors, e.g. `The CSV file`
   * @throws FileWriteError, the signal's reason
   */
  static async create(
    what: string,
    path: string,
    { signal, mode = OWN }: CreateOptions = {},
  ): Promise<AtomicFile> {
    try {
      const existing = await stat(path).catch(() => undefined);
      if (existing && isWrittenDirectly(path, existing)) {
        return new AtomicFile(what, path, path, undefined, await SpecialFile.open(path, signal));
      }
      const target = existing ? await realpath(path) : path;
      const temporary = join(dirname(target), partialName(basename(target)));
      const file = await open(temporary, 'wx', OWN);
      const wanted = existing ? existing.mode & 0o777 : mode;
      if (existing || wanted !== OWN) await file.chmod(wanted);
      return new AtomicFile(what, path, target, temporary, file);
    } catch (error) {
      throw explained(error, what, path);
    }
  }

  /**
   * @returns its bytes
   * @throws FileWriteError, after which the file is gone
   */
  async write(text: string, encoding: BufferEncoding = 'utf8'): Promise<number> {
    const bytes = Buffer.byteLength(text, encoding);
    if (this.#used + bytes > BUFFER_SIZE) await this.#guard(() => this.#flush());
    if (bytes > BUFFER_SIZE) await this.#guard(() => this.#file.writeFile(Buffer.from(text, encoding)));
    else {
      this.#buffer ??= Buffer.allocUnsafe(BUFFER_SIZE);
      this.#used += this.#buffer.write(text, this.#used, encoding);
    }
    return bytes;
  }

  /** @throws FileWriteError, after which the file is gone */
  async writeBytes(bytes: Uint8Array): Promise<void> {
    await this.#guard(async () => {
      await this.#flush();
      await this.#file.writeFile(bytes);
    });
  }

  /**
   * Writes what is left, syncs, and gives the file its name.
   * @param isNew nothing may have that name
   * @throws FileWriteError
   */
  async commit(isNew = false): Promise<void> {
    await this.#guard(async () => {
      await this.#flush();
      await this.#file.sync();
      await this.#file.close();
      if (this.#temporary) await (isNew ? nameExclusively : rename)(this.#temporary, this.#target);
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
    if (this.#buffer && this.#used > 0) await this.#file.writeFile(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.discard();
      throw explained(error, this.#what, this.#path);
    }
  }
}

function isWrittenDirectly(path: string, status: Stats): boolean {
  return isDescriptor(path) || !status.isFile();
}

function explained(error: unknown, what: string, path: string): Error {
  return error instanceof ConnectorError ? error : new FileWriteError(what, path, error);
}

/**
 * Whether a file could be written, as far as that is known before there is anything to write; nothing is changed.
 * @param what as in AtomicFile.create
 * @throws FileWriteError
 */
export async function tryPlace(what: string, path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  const opened = existing?.isDirectory() === true || existing?.isSocket() === true;
  if (existing && !opened && isWrittenDirectly(path, existing)) return;
  await (await AtomicFile.create(what, path)).discard();
}

/** Why nothing can be written in a folder, as a clause; undefined: it can. */
export async function tryFolder(folder: string): Promise<string | undefined> {
  try {
    await (await openNamelessIn(folder)).close();
    return undefined;
  } catch (error) {
    return systemReason(error);
  }
}

/** A file could not be written whole; nothing of it was left behind. */
export const FileWriteError = failure('QC6001', (what: string, path: string, cause: unknown) => [
  `${what} ${path} cannot be written: ${systemReason(cause, { ENOENT: 'its directory does not exist', EPIPE: 'nobody reads it any more' })}.`,
  'Name another place, or make room or permission there; nothing half-written was left.',
  { cause },
]);
