/** A YAML with values written into it: whatever else stands there stays, comments too. */
import { isDeepStrictEqual } from 'node:util';
import { type ConfigKey, type KeyName, KEYS } from '../config/keys.ts';
import { type YamlEntry, yamlEntries } from '../config/yaml-entries.ts';

/** The keys of one item of a list. */
export type YamlItem = Readonly<Record<string, string>>;

/** A text, the words of a command, or a list of items with keys; an empty text: the key is left at its default. */
type YamlValue = string | readonly string[] | readonly YamlItem[];

export type YamlValues = Readonly<Partial<Record<KeyName, YamlValue>>>;

/**
 * @param text of a file where each key begins a line, as `isFillable` tells
 * @param directory the file's own, from which its paths are taken
 * @returns the same with these values in place of its own; what says the same already stays as it is written
 * @throws ConfigSyntaxError
 */
export function filledYaml(text: string, values: YamlValues, directory: string): string {
  let filled = text;
  for (const [name, value] of Object.entries(values)) {
    filled = withValue(filled, KEYS[name as KeyName], value, directory);
  }
  return filled;
}

/** Whether each key stands at the beginning of a line of its own. @throws ConfigSyntaxError */
export function isFillable(text: string): boolean {
  const lines = linesOf(text);
  return yamlEntries(text, '').every(({ key, line }) => {
    const [, , start = ''] = /^(["']?)([\w-]+)\1\s*:(?:\s|$)/.exec(lines[line - 1] ?? '') ?? [];
    return start === key;
  });
}

/** With their ends. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n|\r(?!\n))/);
}

function withValue(text: string, key: ConfigKey, value: YamlValue, directory: string): string {
  const entries = yamlEntries(text, '');
  const index = entries.findIndex((entry) => isOf(entry, key));
  const entry = entries[index];
  if (saysSame(entry, key, value, directory)) return text;
  const lines = linesOf(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const place = entry ? regionOf(entries, index, lines) : regionOf(entries, entries.length - 1, lines);
  const old = lines.slice(entry ? place.start : place.end, place.end);
  const [, name = key.name] = /^([^:]*?)\s*:/.exec(old[0] ?? '') ?? [];
  const isBlock = entry?.items !== undefined || entry?.blocks !== undefined;
  // Indented, they would belong to the text of a key before it.
  const comments = isBlock ? old.slice(1).flatMap((line) => /^\s*(#[^]*)$/.exec(line)?.[1] ?? []) : [];
  const written = `${name}:${asWritten(value)}${old.length === 1 ? commentOf(old[0] ?? '') : ''}\n`;
  const before = lines.slice(0, place.end - old.length).join('');
  const parted = before === '' || /[\r\n]$/.test(before) ? before : before + eol;
  const after = lines.slice(place.end).join('');
  return parted + comments.join('') + written.replaceAll('\n', eol) + after;
}

function isOf({ key }: YamlEntry, { name, aliases }: ConfigKey): boolean {
  return [name, ...aliases].includes(key.toLowerCase());
}

function saysSame(
  entry: YamlEntry | undefined,
  key: ConfigKey,
  value: YamlValue,
  directory: string,
): boolean {
  const [wanted] = yamlEntries(`${key.name}:${asWritten(value)}\n`, '');
  const isEmpty = (it: YamlEntry | undefined): boolean =>
    !it || (it.value.trim() === '' && !it.items && !it.blocks);
  if (isEmpty(wanted) && isEmpty(entry)) return true;
  if (isEmpty(entry)) return wanted?.value === key.default && key.default !== '';
  if (isEmpty(wanted)) return false;
  // Of secrets nothing but their text tells one from another.
  if (key.secret && !key.list) return entry?.value === wanted?.value;
  const read = (it: YamlEntry | undefined): unknown =>
    it && key.read(key.secret ? it.value : it.value.trim(), directory, it.items, it.blocks);
  return isDeepStrictEqual(withoutGaps(read(entry)), withoutGaps(read(wanted)));
}

/** Items in which a key that has no value is not there. */
function withoutGaps(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) =>
    typeof item === 'object' && item !== null
      ? Object.fromEntries(Object.entries(item).filter(([, own]) => own !== undefined))
      : item,
  );
}

/** The lines of an entry, without the comments and empty lines behind it; the end is not one of them. */
function regionOf(entries: readonly YamlEntry[], index: number, lines: readonly string[]) {
  const start = (entries[index]?.line ?? 1) - 1;
  let end = (entries[index + 1]?.line ?? lines.length + 1) - 1;
  // In a literal or folded text, what is indented belongs to it.
  const isText = /^[^:]*:\s+[|>]/.test(lines[start] ?? '');
  const behind = isText ? /^(?:#|\s*$|\.\.\.|---)/ : /^(?:\s*(?:#|$)|\.\.\.|---)/;
  while (end > start + 1 && behind.test(lines[end - 1] ?? '')) end--;
  return { start, end };
}

/** What stands behind the value of a line, with the blanks before it. */
function commentOf(line: string): string {
  const value = /'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|\[[^\]#'"]*\]|[^'"[{|>&*!#\s](?:[^#]|(?<=\S)#)*?/.source;
  return new RegExp(`^[^:]+:(?:\\s+(?:${value}))?(\\s+#.*?)\\s*$`).exec(line)?.[1] ?? '';
}

/** What stands behind the colon. */
function asWritten(value: YamlValue): string {
  if (value === '') return '';
  if (typeof value === 'string') return ` ${quoted(value)}`;
  return value.every((item) => typeof item === 'string')
    ? ` [${value.map(quoted).join(', ')}]`
    : value.map((item) => `\n  - ${itemLines(item)}`).join('');
}

function itemLines(item: YamlItem | string): string {
  return Object.entries(item)
    .map(([key, text]) => `${key}: ${quoted(text)}`)
    .join('\n    ');
}

/** What a person would write without quotes stays so; in single quotes all characters are themselves. */
function quoted(text: string): string {
  return /^[A-Za-z0-9/][\w./@-]*$/.test(text) && !/^(?:null|true|false|yes|no|on|off)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
