import { open } from 'node:fs/promises';
import { EVENT_ID, FAILSAFE_SCHEMA, getScalarValue, load, parseEvents, YAMLException } from 'js-yaml';
import { ConfigFileNotFoundError, ConfigFileUnreadableError, ConfigSyntaxError } from './errors.ts';

/** One `key: value` of a flat YAML file; `value` is the text as written, a list's items joined by commas. */
export interface YamlEntry {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

const MAXIMUM_SIZE = 1_048_576;

/**
 * Reads a flat YAML mapping. Scalars stay text, as Perl's YAML::XS gave them: a password 0123 is not 123.
 * @throws ConfigFileNotFoundError, ConfigFileUnreadableError, ConfigSyntaxError
 */
export async function readYamlEntries(file: string): Promise<YamlEntry[]> {
  const text = await readText(file);
  try {
    const document = load(text, { schema: FAILSAFE_SCHEMA, maxAliases: 0 });
    if (!isMapping(document)) throw new ConfigSyntaxError({ file, line: 1 }, 'no `key: value` lines in it');
    const lines = keyLines(text);
    return Object.entries(document).map(([key, value]) => {
      const line = lines.get(key) ?? 1;
      return { key, value: flat(value, file, line), line };
    });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new ConfigSyntaxError({ file, line: error.mark && error.mark.line + 1 }, withoutText(error.reason));
  }
}

/** The parser's reason names tags as they are written, and `password: !Secret` is a tag. */
function withoutText(reason: string): string {
  return reason.replace(/(?: !|:? "|: ).*/s, '');
}

async function readText(file: string): Promise<string> {
  const bytes = await readStart(file).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new ConfigFileNotFoundError(file, error);
    const reason =
      code === 'EACCES' ? 'permission denied' : code === 'EISDIR' ? 'it is a directory' : message;
    throw new ConfigFileUnreadableError(file, reason, error);
  });
  if (bytes.length > MAXIMUM_SIZE) throw new ConfigFileUnreadableError(file, 'it is larger than 1 MB');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Perl's files were often written in Latin-1, which has a character for every byte.
    return bytes.toString('latin1');
  }
}

/** One byte more than is allowed, so that a larger file shows; a device without end is not read whole. */
async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of handle.createReadStream({ end: MAXIMUM_SIZE, autoClose: false })) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flat(value: unknown, file: string, line: number): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  throw new ConfigSyntaxError({ file, line }, 'a value is itself a block of keys');
}

/** The line of each key of the outermost mapping, counted from 1. */
function keyLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  let depth = 0;
  let expectKey = true;
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) depth -= 1;
    if (depth === 2 && event.type !== EVENT_ID.POP) {
      if (expectKey && event.type === EVENT_ID.SCALAR) {
        lines.set(getScalarValue(text, event), lineOf(text, event.valueStart));
      }
      expectKey = !expectKey;
    }
    if (
      event.type === EVENT_ID.DOCUMENT ||
      event.type === EVENT_ID.MAPPING ||
      event.type === EVENT_ID.SEQUENCE
    ) {
      depth += 1;
    }
  }
  return lines;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}
