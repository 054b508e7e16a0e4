import { basename } from 'node:path';

/**
 * The name that the program was called by, for usage and messages: npm installs each name as a link to one
 * file, and Node keeps the link's path in argv[1]. Run as `node dist/bin/x.js`, the name is `x`.
 */
export function programName(script: string | undefined, otherwise: string): string {
  const name = basename(script ?? '').replace(/\.[cm]?js$/, '');
  return name === '' ? otherwise : name;
}
