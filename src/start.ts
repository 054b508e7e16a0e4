// Node 12 must be able to read this file and what it imports: no newer syntax, no newer modules.
import { readFileSync } from 'fs';
import { ExitCode } from './exit-code.ts';
import { keepHeapLean } from './lean-heap.ts';

const TOO_OLD = 'QC1401';
const FILES_LIMITED = 'QC1404';

/** Runs a command, unless this Node.js is too old even to load it: then one sentence says so. */
export function start(command: { readonly name: string; readonly multiple: boolean }): void {
  // Else it would open Node's debugger to every user of this host.
  process.on('SIGUSR1', () => undefined);
  const floor = oldestNode();
  if (isOlder(process.versions.node, floor)) {
    process.stderr.write(
      `This is Node.js ${process.versions.node} (${process.execPath}), and ${command.name} needs ${floor} or later. ` +
        'Install a newer Node.js, or put its directory first in PATH. ' +
        `[${TOO_OLD}]\n`,
    );
    process.exitCode = ExitCode.failed;
    return;
  }
  keepHeapLean();
  // Until there is an answer: an end in silence is no success.
  process.exitCode = ExitCode.failed;
  void import('./main.ts')
    .then(({ main }) => main(command))
    .then((code) => process.exit(code))
    .catch((error: unknown) => {
      tellUnloadable(command.name, error);
    });
}

/** A part of the program could not even be loaded: with too many open files nothing more can be, to say it better. */
function tellUnloadable(name: string, error: unknown): void {
  const { code } = error as { code?: unknown };
  if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
  process.stderr.write(
    `${name} cannot open as many files as it needs (${code}). Allow more of them: ulimit -n 1024. [${FILES_LIMITED}]\n`,
  );
  process.exitCode = ExitCode.failed;
}

/** What package.json asks for, e.g. `20.18.1`; compiled files lie two folders below it (dist/src). */
function oldestNode(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { engines: { node: string } }).engines.node.replace('>=', '');
}

function isOlder(version: string, floor: string): boolean {
  const have = version.split('.').map(Number);
  const need = floor.split('.').map(Number);
  const different = need.findIndex((number, place) => number !== have[place]);
  return different >= 0 && Number(have[different]) < Number(need[different]);
}
