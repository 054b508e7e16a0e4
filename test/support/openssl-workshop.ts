import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Identity,
  makeAuthority,
  makeCertificate,
  makeServerCertificate,
} from '../../src/simulators/certificates.ts';
import { newKey } from '../../src/simulators/rsa-keys.ts';
import './keys.ts';

const MAKERS = {
  'RSA 2048': () => newKey().privateKey,
  'RSA 3072': () => pem(generateKeyPairSync('rsa', { modulusLength: 3072 })),
  'RSA-PSS 2048': () => pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })),
  'EC P-256': () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  'EC P-384': () => pem(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  Ed25519: () => pem(generateKeyPairSync('ed25519')),
} as const;

function pem({ privateKey }: KeyPairKeyObjectResult): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export type KeyKind = keyof typeof MAKERS;

/** This machine's openssl needs an option that it lacks. */
export class OpensslCannot extends Error {}

/** Makes certificates and files of them with this machine's openssl. */
export class OpensslWorkshop {
  readonly folder: string;
  readonly root = makeAuthority('Root of the workshop');
  readonly intermediate = makeCertificate({
    subject: [{ name: 'commonName', value: 'Branch of the workshop' }],
    issuer: this.root,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  /** A server's certificate from either authority. */
  readonly servers: Readonly<Record<'root' | 'intermediate', Identity>> = {
    root: makeServerCertificate(this.root, ['fmc.example.com']),
    intermediate: makeServerCertificate(this.intermediate, ['fmc.example.com']),
  };
  readonly #leaves = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    this.write('root.pem', this.root.certificate, this.root.key);
    this.write('intermediate.pem', this.intermediate.certificate, this.intermediate.key);
  }

  write(name: string, ...parts: string[]): string {
    const file = join(this.folder, name);
    writeFileSync(file, parts.join(''), { mode: 0o600 });
    return file;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** @throws OpensslCannot where openssl is missing, or is another than OpenSSL 3 and fails */
  openssl(...args: string[]): string {
    try {
      return execFileSync('openssl', args, { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      if (this.#isOpenssl3()) throw error;
      throw new OpensslCannot(`this machine's openssl cannot do: openssl ${args.join(' ')}`);
    }
  }

  /** A client's key and certificate in one PEM file; `issuer`.pem has the issuer's. Returns the file's name. */
  client(key: KeyKind, issuer: string): string {
    const name = `${key.replace(' ', '-')}-${issuer}.pem`;
    const made = this.#leaves.get(name) ?? this.#makeClient(name, key, issuer);
    this.#leaves.set(name, made);
    return made;
  }

  #makeClient(name: string, key: KeyKind, issuer: string): string {
    this.write('client.key', MAKERS[key]());
    this.openssl('req', '-new', '-key', 'client.key', '-subj', `/CN=${key}`, '-out', 'client.csr');
    this.openssl(
      ...['x509', '-req', '-in', 'client.csr', '-days', '400', '-CAcreateserial', '-out', 'client.crt'],
      ...['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.pem`],
    );
    this.write(name, this.read('client.key'), this.read('client.crt'));
    return name;
  }

  #isOpenssl3(): boolean {
    try {
      return /^OpenSSL [3-9]/.test(execFileSync('openssl', ['version'], { encoding: 'utf8' }));
    } catch {
      return false;
    }
  }
}
