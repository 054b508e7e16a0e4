import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manPage, type ManPageName } from './man-page.ts';

/** `npm run build`: writes the manual pages that package.json lists, into dist/man. */
const NAMES: readonly ManPageName[] = ['qualys_connector', 'process-multiple'];

const directory = fileURLToPath(new URL('../../man/', import.meta.url));
mkdirSync(directory, { recursive: true });
for (const name of NAMES) writeFileSync(`${directory}${name}.1`, manPage(name));
