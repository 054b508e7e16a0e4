import { harmless } from './harmless.ts';

/** Foreign text made fit for a message: one line, without control characters and marks that turn the direction, cut to `length` characters. */
export function oneLine(text: string, length: number): string {
  // Cut twice: what is thrown away need not be looked through, and what is folded leaves room for more.
  const line = harmless(text.slice(0, 4 * length).replace(/[\s\p{Cc}]+/gu, ' ')).trim();
  return line.length > length || text.length > 4 * length ? `${line.slice(0, length)}…` : line;
}
