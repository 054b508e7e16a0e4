import { EVENT_ID, FAILSAFE_SCHEMA, getScalarValue, load, parseEvents, YAMLException } from 'js-yaml';
import { ConfigFileNotFoundError, ConfigFileUnreadableError, ConfigSyntaxError } from './errors.ts';
import { readBounded } from '../files/read-bounded.ts';
import { isMissing, systemReason } from '../files/system-reason.ts';

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
  const { bytes, whole } = await readBounded(file, MAXIMUM_SIZE).catch((error: unknown) => {
    if (isMissing(error)) throw new ConfigFileNotFoundError(file, error);
    throw new ConfigFileUnreadableError(file, systemReason(error), error);
  });
  if (!whole) throw new ConfigFileUnreadableError(file, 'it is larger than 1 MB');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Perl's files were often written in Latin-1, which has a character for every byte.
    return bytes.toString('latin1');
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
  const lineOf = lineCounter(text);
  let depth = 0;
  let expectKey = true;
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) depth--;
    if (depth === 2 && event.type !== EVENT_ID.POP) {
      if (expectKey && event.type === EVENT_ID.SCALAR) {
        lines.set(getScalarValue(text, event), lineOf(event.valueStart));
      }
      expectKey = !expectKey;
    }
    if (
      event.type === EVENT_ID.DOCUMENT ||
      event.type === EVENT_ID.MAPPING ||
      event.type === EVENT_ID.SEQUENCE
    ) {
      depth++;
    }
  }
  return lines;
}

/** Tells the line of each of several offsets, which come in rising order: each line end is looked at once. */
function lineCounter(text: string): (offset: number) => number {
  const ends = text.matchAll(/\r\n|\r|\n/g);
  let next = ends.next();
  let line = 1;
  return (offset) => {
    for (; next.done !== true && next.value.index < offset; next = ends.next()) line++;
    return line;
  };
}
