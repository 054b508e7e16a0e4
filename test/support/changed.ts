import { once } from 'node:events';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Resolves when something holds, looked at again whenever the folder changes; alone it keeps no process going. */
export async function changed(folder: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const watcher = watch(folder, { persistent: false });
  try {
    for (let change = once(watcher, 'change'); !(await holds()); change = once(watcher, 'change')) {
      await change;
    }
  } finally {
    watcher.close();
  }
}

/** Resolves when a run in this process (`runHere`) in that directory has said it. */
export function said(directory: string, words: string): Promise<void> {
  return changed(directory, async () =>
    (await readFile(join(directory, 'run.log'), 'utf8').catch(() => '')).includes(words),
  );
}
