import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keepKeys } from '../../src/simulators/rsa-keys.ts';
import { makeStageCertificates, type StageCertificates } from '../../src/simulators/stage.ts';
import { KEYS } from './keys.ts';

const MAKER = fileURLToPath(new URL('../../src/simulators/certificates.js', import.meta.url));
const FILE = fileURLToPath(new URL('../certificates.json', import.meta.url));

/** The authorities, servers and client of all tests: made once a build, since each key takes a tenth of a second. */
export const certificates: StageCertificates = kept() ?? made();

function kept(): StageCertificates | undefined {
  try {
    if (statSync(FILE).mtimeMs < statSync(MAKER).mtimeMs) return undefined;
    return JSON.parse(readFileSync(FILE, 'utf8')) as StageCertificates;
  } catch {
    return undefined;
  }
}

/** Several test files may come here at once: each replaces the file as a whole. */
function made(): StageCertificates {
  // No other certificate may ever have their keys.
  keepKeys(undefined);
  const fresh = makeStageCertificates();
  keepKeys(KEYS);
  const own = `${FILE}.${process.pid}`;
  writeFileSync(own, JSON.stringify(fresh), { mode: 0o600 });
  renameSync(own, FILE);
  return fresh;
}
