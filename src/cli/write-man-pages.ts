import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manPage, type ManPageName } from './man-page.ts';

/** `npm run build`: writes the manual pages that package.json lists, into dist/man. */
const NAMES: readonly ManPageName[] = ['qualys_connector', 'process-multiple'];

const DIRECTORY = fileURLToPath(new URL('../../man/', import.meta.url));
mkdirSync(DIRECTORY, { recursive: true });
for (const name of NAMES) writeFileSync(`${DIRECTORY}${name}.1`, manPage(name));
