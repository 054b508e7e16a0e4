import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { CHECKOUT } from './checkout.ts';

/**
 * Prints the files that `node --test` is to run, for npm's scripts. Each is a process, and most tests take less time than
 * loading the program for them: so the files go together in a few, but for those that start the command or other
 * programs themselves, which would wait for one another.
 *
 * Words: `fast`, without those that start programs; `apart`, each file for itself.
 */
function main(words: readonly string[]): void {
  const files = testFiles();
  const slow = files.filter(startsPrograms);
  const fast = files.filter((file) => !slow.includes(file));
  const listed = words.includes('apart') ? fast.map(compiled) : together(fast);
  console.log([...listed, ...(words.includes('fast') ? [] : slow.map(compiled))].join('\n'));
}

/** In TypeScript, e.g. `test/run-lock.test.ts`: what is compiled may be there still when its source is gone. */
function testFiles(): string[] {
  return readdirSync(join(CHECKOUT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('test', file))
    .sort();
}

const STARTS = /support\/(?:connector|openssl|chromium)|convert-to-nothing/;

function startsPrograms(file: string): boolean {
  return file.startsWith('test/package/') || STARTS.test(readFileSync(join(CHECKOUT, file), 'utf8'));
}

function compiled(file: string): string {
  return join('dist', file.replace(/ts$/, 'js'));
}

/** Writes files that import these, one for each that runs at the same time. Neighbours, which take alike, are parted. */
function together(files: readonly string[]): string[] {
  const folder = join('dist', 'test', 'together');
  rmSync(join(CHECKOUT, folder), { recursive: true, force: true });
  mkdirSync(join(CHECKOUT, folder));
  const count = availableParallelism() + 1;
  return Array.from({ length: count }, (_, group) => {
    const imports = files
      .filter((_, index) => index % count === group)
      .map((file) => `import '${relative(folder, compiled(file))}';\n`);
    const path = join(folder, `${group + 1}.js`);
    writeFileSync(join(CHECKOUT, path), imports.join(''));
    return path;
  });
}

main(process.argv.slice(2));
