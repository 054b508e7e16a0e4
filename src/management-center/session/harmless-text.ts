import { harmless } from '../../text/harmless.ts';

/** Text that a server sent, fit for a log line and a terminal, cut to `length` characters. */
export function harmlessText(text: string, length: number): string {
  const line = harmless(text.trim());
  return line.length > length ? `${line.slice(0, length)}...` : line;
}
