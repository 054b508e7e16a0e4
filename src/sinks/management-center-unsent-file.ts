import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import type { Shipment } from '../management-center/shipment.ts';

const COPY_BYTES = 524_288;

/** The commands that could not be delivered could not be kept either. */
export class UnsentNotKeptError extends ConnectorError {
  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(
      'QC5508',
      ExitCode.usageOrUnreachable,
      `What could not be delivered could not be kept in '${path}' either: ${cause.code ?? cause.message}.`,
      'Make room or give permission there, and run again.',
      { cause },
    );
  }
}

/** A file of commands that the csv plugin can send: readable by its owner only, and there only when it is whole. */
export class UnsentFile {
  /** Units written. */
  units = 0;
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;
  #begun = false;
  #done = false;

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#file = file;
  }

  /** Throws UnsentNotKeptError, as all of it does. */
  static async create(path: string): Promise<UnsentFile> {
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await rm(temporary, { force: true });
      return new UnsentFile(path, temporary, await open(temporary, 'wx', 0o600));
    } catch (error) {
      throw new UnsentNotKeptError(path, error as NodeJS.ErrnoException);
    }
  }

  /** The first one brings the settings with it that hold where it starts. */
  async add(shipment: Shipment): Promise<void> {
    await this.#guard(async () => {
      if (!this.#begun) await this.#file.appendFile(shipment.settings.join(''));
      this.#begun = true;
      for (let offset = 0; offset < shipment.bytes; offset += COPY_BYTES) {
        await this.#file.appendFile(await shipment.read(offset, COPY_BYTES));
      }
    });
    this.units += shipment.units;
  }

  /** Returns the path under which the file now is. */
  async finish(): Promise<string> {
    await this.#guard(async () => {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#temporary, this.#path);
      this.#done = true;
    });
    return this.#path;
  }

  /** Removes it unless it is finished. */
  async discard(): Promise<void> {
    if (this.#done) return;
    await this.#file.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
  }

  async #guard(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw new UnsentNotKeptError(this.#path, error as NodeJS.ErrnoException);
    }
  }
}
