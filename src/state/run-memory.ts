import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partialName } from '../files/leftovers.ts';
import { removeAtExit } from '../files/remove-at-exit.ts';
import type { Log } from '../log/log.ts';
import { LONGEST_LINE } from './change-rules.ts';
import { InputMemory, type MemoryOptions, type Remembered } from './input-memory.ts';
import { StateDirectory } from './state-directory.ts';
import { UnsentFiles } from './unsent-files.ts';

export interface RunMemoryOptions extends Pick<MemoryOptions, 'server' | 'started' | 'changed' | 'force'> {
  /** Of -state. */
  readonly path: string;
  /** `copied`: what would be known after each input is kept for the next ones, and then lost. */
  readonly writes: 'there' | 'copied' | 'nowhere';
}

/** What a run remembers, of all of its inputs. */
export interface RunMemory {
  /** @param delivered with several templates: hosts that earlier ones gave findings */
  of(about: Remembered, log: Log, delivered: Set<string> | undefined): InputMemory;
  /** The longest line that a source's commands were last made for; undefined: nothing is remembered. */
  longestLine(sources: readonly string[]): number | undefined;
  /** Names files of unsent commands that earlier runs have left. */
  tellUnsent(log: Log): void;
  close(): void;
}

/** @throws StateFolderError */
export function openRunMemory({ path, writes, ...options }: RunMemoryOptions): RunMemory {
  // Before there is anything to compare with it.
  new StateDirectory(path, options.server, undefined).tryReading();
  const copy = writes === 'copied' ? join(tmpdir(), partialName('state')) : undefined;
  if (copy !== undefined) mkdirSync(copy, { mode: 0o700 });
  const keep = copy === undefined ? () => undefined : removeAtExit(copy);
  const directory = new StateDirectory(path, options.server, writes === 'there' ? path : copy);
  const unsentFiles =
    writes === 'there' ? new UnsentFiles(directory.unsentPath(), options.started) : undefined;
  return {
    of: (about, log, delivered) =>
      new InputMemory(about, { ...options, directory, log, delivered, unsentFiles }),
    tellUnsent: (log) => unsentFiles?.tellWaiting(log),
    longestLine: (sources) =>
      sources.map((source) => longestLineOf(directory, source)).find((length) => length !== undefined),
    close: () => {
      if (copy !== undefined) rmSync(copy, { recursive: true, force: true });
      keep();
    },
  };
}

function longestLineOf(directory: StateDirectory, source: string): number | undefined {
  const { own, others } = directory.read(source);
  for (const { file } of [own, ...others]) file?.close();
  const length = Number(own.file?.header.rules[LONGEST_LINE]);
  return length > 0 ? length : undefined;
}
