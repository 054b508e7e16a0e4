/** Files of unsent commands that runs have kept, until what they hold is delivered by a later run. */
import { type BigIntStats, rmSync, statSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { happenedIn } from '../connector-error.ts';
import { readRegular } from '../files/read-bounded.ts';
import { isMissing, systemReason } from '../files/system-reason.ts';
import { writeFile } from '../files/whole-file.ts';
import type { Log } from '../log/log.ts';
import { UnsentListDamagedError, UnsentListNotWrittenError, UnsentWaitingError } from './errors.ts';

/** What is known of one file. */
interface KeptFile {
  readonly path: string;
  /** When: ISO 8601, UTC. */
  readonly kept: string;
  /** Sources whose commands it holds and that have not been delivered whole since. */
  readonly sources: readonly string[];
  /** It holds commands of a file that is sent once: no later run says the same. */
  readonly isPassing: boolean;
  /** Tells whether it is still the same file, and unchanged. */
  readonly identity: string;
}

/** What became of an input. */
interface EndedInput {
  readonly source: string;
  readonly isPassing: boolean;
  /** Whether all that the source has now was acknowledged, without a complaint. */
  readonly isWhole: boolean;
  /** The file that holds what was not. */
  readonly unsentFile: string | undefined;
}

/** The list is small; what is larger is not ours. */
const LARGEST = 10_485_760;
/** The only names of files that are ever removed. */
const NAME = /^Unsent_\d{8}T\d{6}_[\da-f]{12}\.csv$/;
const HOUR = 60 * 60 * 1000;

/** Those of one Management Center, in a list of its own in the folder of -state. */
export class UnsentFiles {
  readonly #list: string;
  readonly #started: Date;
  #files: KeptFile[] | undefined;
  /** The files as the list has them. */
  #listed = '';
  /** Those of this run. */
  readonly #own = new Set<string>();

  /** @param list where the list is @param started when the run began */
  constructor(list: string, started: Date) {
    this.#list = list;
    this.#started = started;
  }

  /**
   * To be called after each input of the run: removes what it has superseded, and remembers what it has left. Never rejects.
   * @returns paths of files that were removed
   */
  async settle(ended: EndedInput, log: Log): Promise<string[]> {
    const superseded: string[] = [];
    const kept = this.#known(log).flatMap((file) => {
      if (this.#own.has(file.path) || !ended.isWhole || ended.isPassing || file.isPassing) return [file];
      const sources = file.sources.filter((source) => source !== ended.source);
      if (sources.length > 0 || file.sources.length === 0) return [{ ...file, sources }];
      if (remove(file, log)) superseded.push(file.path);
      // What could not be removed is tried again.
      return isSame(file) ? [file] : [];
    });
    this.#files = this.#withOwn(kept, ended);
    if (JSON.stringify(this.#files) !== this.#listed) await this.#write(log);
    return superseded;
  }

  /** Names what earlier runs have left and nothing has superseded. */
  tellWaiting(log: Log): void {
    for (const file of this.#known(log)) {
      if (this.#own.has(file.path) || !isSame(file)) continue;
      const age = ageOf(this.#started.getTime() - Date.parse(file.kept));
      log.warning('unsent.waiting', new UnsentWaitingError(file.path, age, file.sources.join(', ')).message, {
        file: file.path,
      });
    }
  }

  /** A later input of the run may have written the file anew. */
  #withOwn(kept: readonly KeptFile[], { source, isPassing, unsentFile }: EndedInput): KeptFile[] {
    const others = kept.filter(({ path }) => !this.#own.has(path) && path !== unsentFile);
    const own = kept.filter(({ path }) => this.#own.has(path) || path === unsentFile);
    if (unsentFile !== undefined) {
      this.#own.add(unsentFile);
      const { sources = [] } = own.find(({ path }) => path === unsentFile) ?? {};
      const file = { path: unsentFile, kept: this.#started.toISOString(), isPassing, identity: '' };
      own.splice(0, own.length, { ...file, sources: [...sources, source] });
    }
    return [
      ...others,
      ...own.flatMap((file) => {
        const identity = identityOf(file.path);
        return identity === undefined ? [] : [{ ...file, identity }];
      }),
    ];
  }

  /** As the list has them, but for those that somebody has taken away or changed. */
  #known(log: Log): KeptFile[] {
    if (this.#files) return this.#files;
    const listed = this.#read(log);
    this.#files = listed.filter((file) => {
      if (isSame(file)) return true;
      log.debug('unsent.gone', `${file.path} ${whyOther(file)}`, { file: file.path });
      return false;
    });
    return this.#files;
  }

  #read(log: Log): KeptFile[] {
    try {
      const list = JSON.parse(readRegular(this.#list, LARGEST).toString('utf8')) as unknown;
      const { format, files } = Object(list) as Record<string, unknown>;
      if (format !== FORMAT || !Array.isArray(files) || !files.every(isKeptFile)) {
        throw new Error('it is not what this program writes');
      }
      this.#listed = JSON.stringify(files);
      return files;
    } catch (error) {
      if (isMissing(error)) {
        this.#listed = '[]';
        return [];
      }
      const reason = error instanceof SyntaxError ? 'it is no JSON' : systemReason(error);
      log.warning('unsent.damaged', new UnsentListDamagedError(this.#list, reason).message);
      return [];
    }
  }

  async #write(log: Log): Promise<void> {
    const files = this.#files ?? [];
    try {
      if (files.length === 0) rmSync(this.#list, { force: true });
      else await writeFile(WHAT, this.#list, `${JSON.stringify({ format: FORMAT, files }, null, 2)}\n`);
      this.#listed = JSON.stringify(files);
    } catch (error) {
      log.warning('unsent.lost', new UnsentListNotWrittenError(happenedIn(error)).message);
    }
  }
}

const FORMAT = 1;
const WHAT = 'The list of files of unsent commands';

/** @returns whether it is removed: what is no longer as it was kept never is */
function remove(file: KeptFile, log: Log): boolean {
  const { path, kept } = file;
  if (!isSame(file)) return false;
  try {
    rmSync(path);
  } catch (error) {
    log.warning(
      'unsent.notRemoved',
      `${path} is superseded and could not be removed: ${systemReason(error)}. Do not send it.`,
    );
    return false;
  }
  log.info('unsent.superseded', `Removed ${path}, kept on ${kept}: each of its sources is delivered since`, {
    file: path,
  });
  return true;
}

function isSame({ path, identity }: KeptFile): boolean {
  return identityOf(path) === identity;
}

/** Why a file is not the one that was kept, a clause. */
function whyOther({ path }: KeptFile): string {
  try {
    if (statSync(path, { throwIfNoEntry: false })) return 'was changed since it was kept, and is left alone';
    return 'is not there any more';
  } catch (error) {
    return `cannot be looked at: ${systemReason(error)}`;
  }
}

/** Undefined: there is no file of that path, or it cannot be looked at. */
function identityOf(path: string): string | undefined {
  const status = statusOf(path);
  if (status?.isFile() !== true) return undefined;
  return [status.dev, status.ino, status.size, status.mtimeNs].join(':');
}

function statusOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isKeptFile(value: unknown): value is KeptFile {
  const { path, kept, sources, isPassing, identity } = Object(value) as Record<string, unknown>;
  return (
    typeof path === 'string' &&
    isAbsolute(path) &&
    NAME.test(basename(path)) &&
    typeof kept === 'string' &&
    !Number.isNaN(Date.parse(kept)) &&
    Array.isArray(sources) &&
    sources.every((source) => typeof source === 'string') &&
    typeof isPassing === 'boolean' &&
    typeof identity === 'string'
  );
}

function ageOf(milliseconds: number): string {
  const hours = Math.max(0, Math.floor(milliseconds / HOUR));
  const [count, unit] = hours < 48 ? [hours, 'hour'] : [Math.floor(hours / 24), 'day'];
  return count === 0 ? 'less than an hour' : `${count} ${unit}${count === 1 ? '' : 's'}`;
}
