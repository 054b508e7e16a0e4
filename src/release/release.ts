/** `npm run release`: writes the archives that hold everything but Node.js, and their checksums. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tarGz, zip } from './archives.ts';
import { releaseFiles } from './contents.ts';
import { NAME, VERSION } from '../version.ts';

const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));

/** @returns what SHA256SUMS says */
async function release(directory: string): Promise<string> {
  const folder = `${NAME}-${VERSION}`;
  const time = commitTime();
  const files = releaseFiles(CHECKOUT);
  const archives = [
    [`${folder}.tar.gz`, tarGz(folder, files, time)],
    [`${folder}.zip`, await zip(folder, files, time)],
  ] as const;
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of archives) writeFileSync(join(directory, name), bytes);
  const sums = archives.map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join('');
  writeFileSync(join(directory, 'SHA256SUMS'), sums);
  return sums;
}

/** That of the commit, so that the same commit makes the same bytes. */
function commitTime(): Date {
  const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: CHECKOUT, encoding: 'utf8' });
  return new Date(Number(seconds) * 1000);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

// A zip has times without a zone.
process.env.TZ = 'UTC';
const { values } = parseArgs({ options: { to: { type: 'string', default: 'release' } } });
const DIRECTORY = resolve(CHECKOUT, values.to);
process.stdout.write(`In ${DIRECTORY}:\n${await release(DIRECTORY)}`);
