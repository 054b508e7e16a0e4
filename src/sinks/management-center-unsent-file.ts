import { StringDecoder } from 'node:string_decoder';
import { ConnectorError } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { AtomicFile } from '../files/atomic-file.ts';
import type { Shipment } from '../management-center/session/shipment.ts';

const COPY_BYTES = 524_288;

/** The commands that could not be delivered could not be kept either. */
export class UnsentNotKeptError extends ConnectorError {
  constructor(cause: unknown) {
    super(
      'QC5508',
      ExitCode.usageOrUnreachable,
      'What could not be delivered could not be kept either.',
      cause instanceof Error ? cause.message : String(cause),
      { cause },
    );
  }
}

/** A file of commands that the csv plugin can send: for its owner alone, and there only when it is whole. */
export class UnsentFile {
  readonly path: string;
  /** Units written. */
  units = 0;
  readonly #file: AtomicFile;
  #begun = false;

  private constructor(path: string, file: AtomicFile) {
    this.path = path;
    this.#file = file;
  }

  /** Throws UnsentNotKeptError, as `add` and `finish` do. */
  static async create(path: string): Promise<UnsentFile> {
    return new UnsentFile(path, await keeping(() => AtomicFile.create('The file of unsent commands', path)));
  }

  /** The first one brings the settings with it that hold where it starts. */
  async add(shipment: Shipment): Promise<void> {
    if (!this.#begun) await this.#write(shipment.settings.join(''));
    this.#begun = true;
    const decoder = new StringDecoder('utf8');
    for (let offset = 0; offset < shipment.bytes; offset += COPY_BYTES) {
      await this.#write(decoder.write(await shipment.read(offset, COPY_BYTES)));
    }
    this.units += shipment.units;
  }

  async finish(): Promise<void> {
    await keeping(() => this.#file.commit());
  }

  /** Removes it unless it is finished. */
  discard(): Promise<void> {
    return this.#file.discard();
  }

  #write(text: string): Promise<void> {
    return keeping(() => this.#file.write(text));
  }
}

async function keeping<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UnsentNotKeptError(error);
  }
}
