/** The keys of made certificates: RSA, 2048 bits. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Both PEM. */
export interface KeyPair {
  readonly publicKey: string;
  /** PKCS#8. */
  readonly privateKey: string;
}

let folder: string | undefined;
let taken = 0;

/**
 * From here on keys are kept in a directory, where the next process finds them in the same order, since to make one
 * takes a tenth of a second.
 * @param directory this user's alone; undefined: they are not kept
 */
export function keepKeys(directory: string | undefined): void {
  if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  folder = directory;
}

/** A key that this process has not had yet. */
export function newKey(): KeyPair {
  if (folder === undefined) return generate();
  const file = join(folder, `${++taken}.pem`);
  return kept(file) ?? keep(file, generate());
}

/** By OpenSSL: forge's own takes seconds. */
function generate(): KeyPair {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

function kept(file: string): KeyPair | undefined {
  try {
    const privateKey = readFileSync(file, 'utf8');
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    return { publicKey, privateKey };
  } catch {
    return undefined;
  }
}

/** Several processes may come here at once: each replaces the file as a whole. */
function keep(file: string, pair: KeyPair): KeyPair {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, pair.privateKey, { mode: 0o600 });
  renameSync(own, file);
  return pair;
}
