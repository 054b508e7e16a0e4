import { link, open, rename, rm } from 'node:fs/promises';
import { errorCode } from './system-reason.ts';

/**
 * Gives a file another name, which nothing may have: no file and no link that somebody has put there.
 * @throws the system's error, EEXIST where something has the name
 */
export async function nameExclusively(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await rm(from);
  } catch (error) {
    // Some file systems know no second name for a file (FAT, some of the network): there the name is taken first.
    if (['EEXIST', 'ENOENT', 'ENOSPC', 'EACCES'].includes(errorCode(error))) throw error;
    await (await open(to, 'wx', 0o600)).close();
    await rename(from, to).catch(async (cause: unknown) => {
      await rm(to, { force: true });
      throw cause;
    });
  }
}
