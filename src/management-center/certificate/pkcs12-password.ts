/** A password as the two generations of algorithms take it. */
export interface PasswordForm {
  /** PKCS#12's own: UTF-16 characters; null for "no bytes at all", which '' is not. */
  readonly characters: string | null;
  /** PKCS#5's: UTF-8 bytes. */
  readonly bytes: Buffer;
}

/**
 * How writers encode a password. The empty one: two zero bytes (OpenSSL, the appliance) or nothing. One beyond ASCII:
 * as it should be, or, by OpenSSL before 1.1, each of its UTF-8 bytes as a character.
 */
export function passwordForms(password: string): PasswordForm[] {
  const bytes = Buffer.from(password, 'utf8');
  const asBytes = bytes.toString('binary');
  if (password === '')
    return [
      { characters: '', bytes },
      { characters: null, bytes },
    ];
  if (asBytes === password) return [{ characters: password, bytes }];
  return [
    { characters: password, bytes },
    { characters: asBytes, bytes },
  ];
}
