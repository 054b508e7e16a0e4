import { BadFingerprintError } from './errors.ts';

/**
 * Reads a SHA-256 fingerprint with or without colons, in any case, also as `openssl x509 -fingerprint` prints it.
 * @returns 64 lower-case hexadecimal digits
 * @throws BadFingerprintError
 */
export function parseFingerprint(text: string): string {
  const digits = text
    .trim()
    .replace(/^sha-?256( fingerprint)?[=:]/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new BadFingerprintError(text, /^[0-9a-f]{40}$/.test(digits));
}
