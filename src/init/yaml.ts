/** The shipped YAML with values written into it: every comment stays. */
import { type KeyName, KEYS } from '../config/keys.ts';

/** The keys of one item of a list. */
export type YamlItem = Readonly<Record<string, string>>;

/** A text, the words of a command, or a list of items with keys. */
type YamlValue = string | readonly string[] | readonly YamlItem[];

export type YamlValues = Readonly<Partial<Record<KeyName, YamlValue>>>;

/**
 * @param shipped the text of the file, where each key has a line of its own
 * @returns the same with these values in place of its own
 */
export function filledYaml(shipped: string, values: YamlValues): string {
  let text = shipped;
  for (const [name, value] of Object.entries(values)) {
    const key = KEYS[name as KeyName].name;
    const line = new RegExp(`^${key}:.*$`, 'm');
    if (!line.test(text)) throw new Error(`the shipped YAML has no line for ${key}`);
    text = text.replace(line, () => `${key}:${written(value)}`);
  }
  return text;
}

/** What stands behind the colon. */
function written(value: YamlValue): string {
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
