import { readFileSync } from 'node:fs';

const MANIFEST = JSON.parse(
  // Compiled files lie two folders below it (dist/src).
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { name: string; version: string; bin: Readonly<Record<string, string>> };

/** Name and version as package.json has them. */
export const { name: NAME, version: VERSION } = MANIFEST;

/** All names that the two commands are installed under. */
export const COMMANDS = Object.keys(MANIFEST.bin);
