/** -explain and -help=NAME: what the pages in docs/, which are in every package, say of one thing. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ConfigKey, describeKey, NAMED_KEYS } from '../config/keys.ts';
import type { Option } from '../option.ts';
import { OPTIONS } from '../options.ts';
import { UnknownCodeError, UnknownNameError } from './errors.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));

/** Its entry in docs/messages.md, as text. @throws UnknownCodeError */
export function explainCode(word: string): string {
  const [number] = /\d{4}/.exec(word) ?? [];
  const lines = readFileSync(`${DOCS}messages.md`, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(`- <a id="qc${number ?? ''}"></a>`));
  if (number === undefined || first < 0) throw new UnknownCodeError(word);
  const after = lines.slice(first + 1);
  const end = after.findIndex((line) => !line.startsWith('  '));
  const entry = [lines[first]?.replace(/^- <a.*?<\/a>/, ''), ...after.slice(0, end)];
  return `${plain(entry.map((line) => line?.trim()).join(' '))}\n`;
}

/** What is said of an option and of a key of the YAML with this name, or another spelling of a key. @throws UnknownNameError */
export function explainName(word: string): string {
  const name = word.replace(/^[-+]+/, '').toLowerCase();
  const options = OPTIONS.filter((option) => option.name() === name && !option.hidden).map(optionText);
  const keys = NAMED_KEYS.filter(([, key]) => [key.name, ...key.aliases].includes(name)).map(([, key]) =>
    keyText(key),
  );
  if (options.length + keys.length === 0) throw new UnknownNameError(word);
  return [...options, ...keys].join('\n');
}

function optionText(option: Option): string {
  const value = option.required ? `=${option.placeholder}` : '';
  return `-${option.name()}${value}\n    ${option.help}\n`;
}

function keyText(key: ConfigKey): string {
  const row = readFileSync(`${DOCS}reference.md`, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| \`${key.name}\` |`));
  const [, , , meaning = ''] = row?.split(' | ').join('|').split('|') ?? [];
  const others = key.aliases.length === 0 ? '' : `    Also accepted: ${key.aliases.join(', ')}.\n`;
  return `${key.name}: (in the YAML)\n    ${plain(meaning.replaceAll(/\]\((?=#)/g, '](reference.md'))}\n    Allowed: ${describeKey(key)}.\n${others}`;
}

/** Markdown without its marks; what a link leads to is named, where it is a page of docs/. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]+)\]\((\w[\w-]*\.md[^)]*)\)/g, '$1 (docs/$2)')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\*\*|`/g, '')
    .replaceAll('\\|', '|')
    .trim();
}
