import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectorError } from '../connector-error.ts';
import { tryFolder } from '../files/atomic-file.ts';
import { makeDirectories } from '../files/make-directories.ts';
import { errorCode } from '../files/system-reason.ts';
import { StateDamagedError, StateFolderError } from './errors.ts';
import { StateFile } from './state-file.ts';

/** What is known of one source. */
export interface Found {
  readonly file: StateFile | undefined;
  /** Why its file cannot be used. */
  readonly damage: ConnectorError | undefined;
  /** The number of the run that began to send and has not come to its end; 0: none. */
  readonly begun: number;
}

const NOTHING: Found = { file: undefined, damage: undefined, begun: 0 };

/** The state files of one Management Center, one for each source, and the marks of runs that have begun to send. */
export class StateDirectory {
  readonly #path: string;
  readonly #server: string;
  /** Where it is written, and read first; undefined: nowhere. */
  readonly #target: string | undefined;

  constructor(path: string, server: string, target: string | undefined) {
    this.#path = path;
    this.#server = server;
    this.#target = target;
  }

  /** Where a source's state is written; undefined: it is not. */
  pathOf(source: string): string | undefined {
    return this.#target === undefined ? undefined : join(this.#target, nameOf(this.#server, source));
  }

  /** Where the list of the files of unsent commands is. */
  unsentPath(): string {
    return join(this.#path, `${prefixOf(this.#server)}-unsent.json`);
  }

  /** What is known of a source, and of all others. To be closed. @throws StateFolderError */
  read(source: string): { readonly own: Found; readonly others: readonly Found[] } {
    const name = nameOf(this.#server, source);
    const found = new Map<string, Found>();
    try {
      for (const directory of new Set([this.#path, this.#target ?? this.#path])) {
        this.#readFrom(directory, found);
      }
    } catch (error) {
      for (const { file } of found.values()) file?.close();
      throw new StateFolderError(pathIn(error) ?? this.#path, error);
    }
    const own = found.get(name) ?? NOTHING;
    return { own, others: [...found.values()].filter((one) => one !== own) };
  }

  /** Sees whether what is there can be read. @throws StateFolderError */
  tryReading(): void {
    for (const { file } of this.read('').others) file?.close();
  }

  /**
   * Notes that this run begins to send: if it does not come to its end, nobody can tell what the Management Center has.
   * An empty file, which even a full disk has room for.
   * @throws StateFolderError
   */
  begin(source: string, sequence: number): void {
    const path = this.pathOf(source);
    if (path === undefined) return;
    try {
      closeSync(openSync(`${path}.begun-${sequence}`, 'w', 0o600));
      const directory = openSync(join(path, '..'), 'r');
      fsyncSync(directory);
      closeSync(directory);
    } catch (error) {
      throw new StateFolderError(this.#path, error);
    }
  }

  /** Takes the marks of a source's runs back. */
  end(source: string): void {
    const path = this.pathOf(source);
    if (path === undefined || this.#target === undefined) return;
    for (const name of readdirSync(this.#target)) {
      if (BEGUN.exec(name)?.[1] === nameOf(this.#server, source)) {
        rmSync(join(this.#target, name), { force: true });
      }
    }
  }

  #readFrom(directory: string, found: Map<string, Found>): void {
    const mine = `${prefixOf(this.#server)}-`;
    for (const name of namesIn(directory).filter((one) => one.startsWith(mine))) {
      const [, source = '', sequence = ''] = BEGUN.exec(name) ?? [];
      if (source !== '') {
        const before = found.get(source) ?? NOTHING;
        found.set(source, { ...before, begun: Math.max(before.begun, Number(sequence)) });
      } else if (name.endsWith('.state')) {
        const { begun } = found.get(name) ?? NOTHING;
        found.get(name)?.file?.close();
        found.set(name, { ...opened(directory, name), begun });
      }
    }
  }
}

const BEGUN = /^(.*\.state)\.begun-(\d{1,10})$/;

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function opened(directory: string, name: string): Pick<Found, 'file' | 'damage'> {
  const path = join(directory, name);
  try {
    const file = StateFile.open(path);
    const { server, source } = file.header;
    if (nameOf(server, source) === name) return { file, damage: undefined };
    file.close();
    return {
      file: undefined,
      damage: new StateDamagedError(path, 'is that of another source or Management Center'),
    };
  } catch (error) {
    if (error instanceof StateDamagedError) return { file: undefined, damage: error };
    throw error;
  }
}

function nameOf(server: string, source: string): string {
  return `${prefixOf(server)}-${slug(source)}-${digestOf(source)}.state`;
}

function prefixOf(server: string): string {
  return `${slug(server)}-${digestOf(server)}`;
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9.]+/g, '_').slice(-60);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Sees whether all that lies in a folder of -state can be read. @throws StateFolderError */
export function tryStateFiles(folder: string): void {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.state'));
    for (const name of names) closeSync(openSync(join(folder, name), 'r'));
  } catch (error) {
    throw new StateFolderError(pathIn(error) ?? folder, error);
  }
}

/** The file that an error of the system is about. */
function pathIn(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

/** Makes the folder of -state, for its owner alone, and sees whether it can be written to. @throws StateFolderError */
export async function prepareStateFolder(path: string): Promise<void> {
  try {
    makeDirectories(path, 0o700);
  } catch (error) {
    throw new StateFolderError(path, error);
  }
  const problem = await tryFolder(path);
  if (problem !== undefined) throw new StateFolderError(path, new Error(problem));
}
