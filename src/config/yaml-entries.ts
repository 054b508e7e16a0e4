import {
  EVENT_ID,
  eventsToAst,
  FAILSAFE_SCHEMA,
  type Node,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from 'js-yaml';
import { ConfigFileNotFoundError, ConfigFileUnreadableError, ConfigSyntaxError } from './errors.ts';
import { readBounded } from '../files/read-bounded.ts';
import { isMissing, systemReason } from '../files/system-reason.ts';

/** An item of a list: its text, or its keys with their values, each as often as it stands there. */
export type Block = string | readonly (readonly [key: string, value: string])[];

/** One `key: value` of a flat YAML file. */
export interface YamlEntry {
  readonly key: string;
  /** The text as written; empty where there is none; a list's items joined by commas. */
  readonly value: string;
  /** The items of a list. */
  readonly items?: readonly string[];
  /** The items of a list of which one at least is keys with values. */
  readonly blocks?: readonly Block[];
  /** Of the key, counted from 1. */
  readonly line: number;
}

type Events = ReturnType<typeof parseEvents>;

const MAXIMUM_SIZE = 1_048_576;
/** What YAML::XS takes for undef, without quotes. */
const NO_VALUE: readonly string[] = ['', '~', 'null'];
/** What the parser says of a fault in an earlier line. */
const RUNS_ON = /^(deficient indentation|can not read a block mapping entry|end of the stream)/;

/**
 * Reads a flat YAML mapping: each key as often as it stands there. Scalars stay text, as Perl's YAML::XS gave them: a
 * password 0123 is not 123.
 * @throws ConfigFileNotFoundError, ConfigFileUnreadableError, ConfigSyntaxError
 */
export async function readYamlEntries(file: string): Promise<YamlEntry[]> {
  return yamlEntries(await readYamlText(file), file);
}

/** The same of a text. @param file for messages @throws ConfigSyntaxError */
export function yamlEntries(text: string, file: string): YamlEntry[] {
  try {
    const events = parseEvents(text, {});
    const lines = keyLines(text, events);
    return mapping(text, events, file).map(({ key, value }, index) => {
      const line = lines[index] ?? 1;
      const refuse = (reason: string): Error => new ConfigSyntaxError({ file, line }, reason);
      if (key.kind !== 'scalar') throw refuse('a key is no word');
      return { key: scalarText(key, refuse), ...flat(value, refuse), line };
    });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark && faultyLine(text, error.reason, error.mark.line);
    throw new ConfigSyntaxError({ file, line }, withoutText(error.reason));
  }
}

/** The parser's reason may hold words of the file, and `password: !Secret` is a tag. */
function withoutText(reason: string): string {
  return reason.replace(/(?: !|:? "|: ).*/s, '');
}

/**
 * Counted from 1. An open quote, an open bracket or a key without a colon runs on into what follows before the parser
 * takes offence.
 * @param index the line where it did, counted from 0
 */
function faultyLine(text: string, reason: string, index: number): number {
  if (!RUNS_ON.test(reason)) return index + 1;
  const before = text.split(/\r\n|\r|\n/).slice(0, index);
  return before.findLastIndex((line) => /^\s*[^\s#]/.test(line)) + 1 || index + 1;
}

/** What stands in the file, in whichever encoding. @throws ConfigFileNotFoundError, ConfigFileUnreadableError */
export async function readYamlText(file: string): Promise<string> {
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

/** The keys and values of the one mapping that a file is. */
function mapping(
  text: string,
  events: Events,
  file: string,
): readonly { readonly key: Node; readonly value: Node }[] {
  const [document, another] = eventsToAst(events, { source: text, schema: FAILSAFE_SCHEMA });
  if (another) throw new ConfigSyntaxError({ file }, 'there is more than one document in it');
  if (document?.contents?.kind !== 'mapping') {
    throw new ConfigSyntaxError({ file, line: 1 }, 'no `key: value` lines in it');
  }
  return document.contents.items;
}

function flat(node: Node, refuse: (reason: string) => Error): Omit<YamlEntry, 'key' | 'line'> {
  if (node.kind === 'sequence') {
    if (node.items.some(({ kind }) => kind === 'mapping')) {
      return { value: '', blocks: node.items.map((item) => blockOf(item, refuse)) };
    }
    const items = node.items.map((item) => scalarText(item, refuse));
    return { value: items.join(','), items };
  }
  return { value: scalarText(node, refuse) };
}

function blockOf(node: Node, refuse: (reason: string) => Error): Block {
  if (node.kind !== 'mapping') return scalarText(node, refuse);
  return node.items.map(({ key, value }) => [scalarText(key, refuse), scalarText(value, refuse)]);
}

/** @param refuse makes the error */
function scalarText(node: Node, refuse: (reason: string) => Error): string {
  if (node.kind === 'alias') throw refuse('a value begins with *');
  if (node.anchor !== undefined) throw refuse('a value begins with &');
  if (node.tagged) throw refuse('a value begins with !');
  if (node.kind !== 'scalar') throw refuse('a value is itself a block or a list in brackets');
  return node.style === SCALAR_STYLE.PLAIN && NO_VALUE.includes(node.value) ? '' : node.value;
}

/** The line of each key of the outermost mapping, in their order, counted from 1. */
function keyLines(text: string, events: Events): number[] {
  const lines: number[] = [];
  const lineOf = lineCounter(text);
  let depth = 0;
  let expectKey = true;
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      depth--;
      continue;
    }
    if (depth === 2) {
      if (expectKey) lines.push(lineOf(event.type === EVENT_ID.SCALAR ? event.valueStart : 0));
      expectKey = !expectKey;
    }
    if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) depth++;
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
