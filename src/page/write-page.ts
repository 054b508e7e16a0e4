import { readFile } from 'node:fs/promises';
import { tryFile, writeFile } from '../files/whole-file.ts';
import type { RunSummary } from '../summary/run-summary.ts';
import type { Look } from './look.ts';
import { pageOf } from './page.ts';

const WHAT = 'The page';

/** Makes its folder, and sees whether it could be written. @throws FileWriteError */
export function tryPage(path: string): Promise<void> {
  return tryFile(WHAT, path);
}

/** Writes the page of a run, whole or not at all. @throws FileWriteError */
export async function writePage(path: string, run: RunSummary, look: Look): Promise<void> {
  await writeFile(WHAT, path, pageOf(run, look, await script()));
}

/** As it was compiled, without the line that leads to its source map. */
async function script(): Promise<string> {
  const compiled = await readFile(new URL('./browser/host-table.js', import.meta.url), 'utf8');
  return compiled.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
}
