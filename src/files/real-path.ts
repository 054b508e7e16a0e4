import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** A file's path without symbolic links, whether or not it exists already. */
export async function realPath(path: string): Promise<string> {
  const whole = resolve(path);
  return realpath(whole).catch(async () => {
    const directory = dirname(whole);
    return join(await realpath(directory).catch(() => directory), basename(whole));
  });
}
