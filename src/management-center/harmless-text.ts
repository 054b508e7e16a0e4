/**
 * Text that a server sent, fit for a log and a terminal: control characters (escape sequences among them) and
 * marks that turn the direction of writing become a blank, the rest is cut to `length` characters.
 */
export function harmlessText(text: string, length: number): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return plain.length > length ? `${plain.slice(0, length)}...` : plain;
}
