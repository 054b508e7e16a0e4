/** The shipped YAML with values written into it: every comment stays. */
import { type KeyName, KEYS } from '../config/keys.ts';

/** A text, or the words of a command. */
export type YamlValues = Readonly<Partial<Record<KeyName, string | readonly string[]>>>;

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
    const written = typeof value === 'string' ? quoted(value) : `[${value.map(quoted).join(', ')}]`;
    text = text.replace(line, () => `${key}: ${written}`);
  }
  return text;
}

/** What a person would write without quotes stays so; in single quotes all characters are themselves. */
function quoted(text: string): string {
  return /^[A-Za-z0-9/][\w./@-]*$/.test(text) && !/^(?:null|true|false|yes|no|on|off)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
