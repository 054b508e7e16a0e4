import { StringDecoder } from 'node:string_decoder';
import { ConnectorError, failures } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { AtomicFile } from '../files/atomic-file.ts';
import type { Shipment } from '../management-center/session/shipment.ts';

const failure = failures(ExitCode.usageOrUnreachable);

const COPY_BYTES = 524_288;

/** The commands that could not be delivered could not be kept either. */
export const UnsentNotKeptError = failure('QC5508', (cause: unknown) => [
  'What could not be delivered could not be kept either.',
  cause instanceof Error ? cause.message : String(cause),
  { cause },
]);

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

/**
 * Not everything is in the Management Center, and no further try will be made.
 * @param cause what stopped the delivery
 * @param delivered hosts that are in
 * @param unsent hosts that are not
 * @param unsentFile holds what is not in; undefined when nothing was left
 */
export const DeliveryIncompleteError = failure(
  'QC5507',
  (cause: unknown, delivered: number, unsent: number, unsentFile: string | undefined) => [
    `Not everything was delivered: ${delivered} hosts are in, ${unsent} are not. ` +
      (cause instanceof ConnectorError ? cause.happened : String(cause)),
    unsentFile === undefined
      ? 'Run again.'
      : `What is not in was kept in ${unsentFile}. When the cause is gone, run again, or send that file with ` +
        'the csv plugin (-plugininfo=FILE csv).',
    { cause },
  ],
);
