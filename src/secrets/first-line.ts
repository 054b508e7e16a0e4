import { Secret } from './secret.ts';

/** Bytes; a longer first line is no password. */
export const LONGEST_SECRET = 4_096;

/**
 * The first line, without its line end, of what a file or a program gives.
 * @returns where it is no secret, what is wrong with it, after "but it"
 */
export function secretOfFirstLine(bytes: Buffer): Secret | string {
  const end = bytes.indexOf('\n');
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  if (line.length > LONGEST_SECRET) return `is longer than ${LONGEST_SECRET} bytes`;
  const text = decoded(line)?.replace(/\r$/, '');
  if (text === undefined) return 'is not UTF-8 text';
  return text === '' ? 'is empty' : new Secret(text);
}

function decoded(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    return undefined;
  }
}
