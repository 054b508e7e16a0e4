import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { systemClock } from '../clock.ts';
import { ConnectorError, failures, happenedIn } from '../connector-error.ts';
import { ExitCode } from '../exit-code.ts';
import { AtomicFile } from '../files/atomic-file.ts';
import { CommandFile } from '../host-input/command-file.ts';
import { readCommands } from '../host-input/command-file-parts.ts';
import type { CommandStream } from '../host-input/command-stream.ts';
import { USUAL_MAXIMUM } from '../management-center/session/messages.ts';
import { blocksOf, type Shipment } from '../management-center/session/shipment.ts';
import { grouped } from '../text/grouped.ts';
import { adding, type Delivered } from './adding.ts';

const WHAT = 'The file of unsent commands';

/**
 * What a run could not deliver, of all its templates in one file of commands that the csv plugin can send: whatever
 * order is right for a host is the order in the file. What was delivered in the meantime is added to, not replaced.
 * The file is for its owner alone, and there only when it is whole. Its methods throw UnsentNotKeptError.
 */
export class UnsentFile {
  readonly path: string;
  /** Units of the present input in it. */
  units = 0;
  readonly #delivered: ReadonlySet<string>;
  /** How many hosts had been delivered when the file was written; undefined: there is no file. */
  #deliveredThen: number | undefined;
  /** The file as it is to be. */
  #next: AtomicFile | undefined;
  /** Hosts that earlier templates' commands in the file give findings. */
  #waiting: Delivered = new Set();

  /**
   * @param path a name that no other run can have
   * @param delivered hosts that have got findings from this run; grows
   */
  constructor(path: string, delivered: ReadonlySet<string> = new Set()) {
    this.path = path;
    this.#delivered = delivered;
  }

  async add(shipment: Shipment): Promise<void> {
    await keeping(async () => {
      if (!this.#next) {
        this.#next = await this.#begin();
        for (const { text, encoding } of shipment.settings) await this.#next.write(text, encoding);
      }
      const before = { has: (host: string) => this.#delivered.has(host) || this.#waiting.has(host) };
      await writeAll(this.#next, adding(readCommands(textsOf(shipment)), before));
    });
    this.units += shipment.units;
  }

  /** Gives the file its name, and tells it; undefined: nothing of the present input was added. */
  async finish(): Promise<string | undefined> {
    if (!this.#next) return undefined;
    await keeping(() => this.#commit());
    return this.path;
  }

  /**
   * To be called after each input: forgets what is not finished, and brings what earlier inputs left up to date with
   * what this one delivered. @throws UnsentOutdatedError
   */
  async settle(): Promise<void> {
    await this.#next?.discard();
    this.#next = undefined;
    this.units = 0;
    if (this.#deliveredThen === undefined || this.#deliveredThen === this.#delivered.size) return;
    try {
      this.#next = await this.#begin();
      await this.#commit();
    } catch (error) {
      throw new UnsentOutdatedError(this.path, error);
    }
  }

  /** A new version, that holds what the last one held. */
  async #begin(): Promise<AtomicFile> {
    const next = await AtomicFile.create(WHAT, this.path);
    if (this.#deliveredThen === undefined) return next;
    const last = await CommandFile.open(this.path);
    try {
      const commands = adding(readCommands(last.pieces()), this.#delivered);
      this.#waiting = await writeAll(next, commands);
      return next;
    } catch (error) {
      await next.discard();
      throw error;
    } finally {
      await last.close();
    }
  }

  async #commit(): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    if (!next) return;
    const isNew = this.#deliveredThen === undefined;
    await next.commit(isNew);
    this.#deliveredThen = this.#delivered.size;
  }
}

function* textsOf(shipment: Shipment): Generator<Buffer> {
  for (const { text } of blocksOf(shipment, USUAL_MAXIMUM)) yield text;
}

/** @returns the hosts that the commands give findings */
async function writeAll(file: AtomicFile, commands: CommandStream): Promise<Set<string>> {
  const addresses = new Set<string>();
  for await (const parts of commands) {
    for (const part of parts) {
      await file.write(part.text, part.encoding);
      if (part.kind === 'unit' && part.findings > 0) addresses.add(part.address);
    }
  }
  return addresses;
}

/** In the current directory, a name that no other run has: `Unsent_20260105T030000_5d1f0c9b7a3e.csv`. */
export function unsentPath(): string {
  const time = new Date(systemClock.now()).toISOString().replace(/[-:]|\..*/g, '');
  return resolve(`Unsent_${time}_${randomBytes(6).toString('hex')}.csv`);
}

async function keeping<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UnsentNotKeptError(error);
  }
}

const failure = failures(ExitCode.usageOrUnreachable);

/** The commands that could not be delivered could not be kept either. */
export const UnsentNotKeptError = failure('QC5508', (cause: unknown) => [
  `What could not be delivered could not be kept either. ${happenedIn(cause)}`,
  'Make room or permission in the current directory, and run again.',
  { cause },
]);

/** The file of one template's unsent commands does not know what a later template has delivered. */
export const UnsentOutdatedError = failure('QC5509', (path: string, cause: unknown) => [
  `${path} could not be brought up to date with what was delivered after it: ${happenedIn(cause)}`,
  'Do not send that file, which would take away what is in; remove it and run again.',
  { cause },
]);

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
    `Not everything was delivered: ${grouped(delivered)} hosts are in, ${grouped(unsent)} are not. ${happenedIn(cause)}`,
    unsentFile === undefined
      ? 'Run again.'
      : `What is not in was kept in ${unsentFile}. When the cause is gone, run again, or send that file with ` +
        'the csv plugin (-plugininfo=FILE csv).',
    cause instanceof ConnectorError ? { cause, address: cause.address, port: cause.port } : { cause },
  ],
);
