/** How the texts of the YAML become values. Each reader gives undefined for a text that does not fit. */
import { isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { asWords, type Words } from '../programs/words.ts';
import { Secret } from '../secrets/secret.ts';

/** In the words of JSON Schema (draft 7), what a text may be; of a list, each item. The reader is stricter. */
export interface ValueSchema {
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly examples?: readonly string[];
  readonly anyOf?: readonly ValueSchema[];
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** What is written without quotes may be any of these for a parser of YAML. */
export const TEXT: ValueSchema = { type: ['string', 'number', 'boolean'] };

/** Gives a reader its schema. */
function as<Read extends (...given: never[]) => unknown>(
  schema: ValueSchema,
  read: Read,
): Read & { readonly schema: ValueSchema } {
  return Object.assign(read, { schema });
}

/** A pattern for these letters in any case. */
export function anyCase(word: string): string {
  return word.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/** Any text of one line: a name that users chose, such as that of a tag. */
export const FREE_TEXT = /^[^\p{Cc}]{1,1000}$/u;
const NO_LINE_BREAK = /^[^\p{Cc}]+$/u;

/** Such as stands before the colon of HTTP's Basic authentication. */
export function userName(value: string): string | undefined {
  return NO_LINE_BREAK.test(value) && !value.includes(':') ? value : undefined;
}

export function secret(value: string): Secret | undefined {
  return NO_LINE_BREAK.test(value) ? new Secret(value) : undefined;
}

export function path(value: string, directory: string): string | undefined {
  return NO_LINE_BREAK.test(value) ? resolve(directory, value) : undefined;
}

/** The items of a list, or one word alone. */
export function words(text: string, _directory: string, items?: readonly string[]): Words | undefined {
  if (items === undefined && /\s/.test(text)) return undefined;
  return asWords(items ?? [text]);
}

export function matching(form: RegExp) {
  return as(formSchema(form), (value: string) => (form.test(value) ? value : undefined));
}

/** What fits may be a number or a truth for a parser of YAML, where it stands without quotes. */
function formSchema(form: RegExp): ValueSchema {
  const type = ['string', ...(form.test('1') ? ['number'] : []), ...(form.test('true') ? ['boolean'] : [])];
  return { type, pattern: patternOf(form) };
}

/** JSON Schema has no flags, and not every validator knows classes of Unicode. */
function patternOf({ source }: RegExp): string {
  return source.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f');
}

/** Of a Management Center. */
export const domainName = matching(/^(?:(?![",])[\x20-\x7e])+$/);

/** `auto`, in any case, or a number such as 3.0. */
export const apiVersion = as(
  {
    anyOf: [
      { enum: ['auto'] },
      { type: 'number' },
      { type: 'string', pattern: `^(${anyCase('auto')}|[0-9]+[.][0-9]+)$` },
    ],
  },
  (value: string) => (/^auto$/i.test(value) ? 'auto' : matching(/^\d{1,3}\.\d{1,3}$/)(value)),
);

export function integer(lowest: number, highest: number) {
  return number('integer', /^\d{1,9}$/, lowest, highest);
}

/** With at most one digit behind the point. */
export function tenths(lowest: number, highest: number) {
  return number('number', /^\d{1,9}(\.\d)?$/, lowest, highest);
}

function number(type: 'integer' | 'number', form: RegExp, lowest: number, highest: number) {
  const schema = { type: [type, 'string'], minimum: lowest, maximum: highest, pattern: patternOf(form) };
  return as(schema, (value: string) =>
    form.test(value) && Number(value) >= lowest && Number(value) <= highest ? Number(value) : undefined,
  );
}

/** Bytes, written as `500 MB` or `20 GB`. */
export const size = as(
  { type: 'string', pattern: '^[1-9][0-9]{0,5} ?[mMgG][bB]$', examples: ['500 MB', '20 GB'] },
  (value: string) => {
    const [, amount, unit] = /^([1-9]\d{0,5}) ?([MG])B$/i.exec(value) ?? [];
    if (amount === undefined || unit === undefined) return undefined;
    return Number(amount) * (unit.toUpperCase() === 'G' ? 1_000_000_000 : 1_000_000);
  },
);

/** One of these words, in any case. */
export function oneOf<const Word extends string>(...choices: readonly Word[]) {
  return as(wordSchema(choices), (value: string) => choices.find((word) => word === value.toLowerCase()));
}

/** The words are what editors offer. */
function wordSchema(choices: readonly string[]): ValueSchema {
  return { anyOf: [{ enum: choices }, { type: 'string', pattern: `^(${choices.map(anyCase).join('|')})$` }] };
}

/** y, ye, yes, t, … true in any case, as the original reads them (its sibling plugin matches prefixes). */
export const yesOrNo = as(
  {
    type: ['boolean', 'string'],
    pattern: `^(${['yes', 'true', 'no', 'false'].map(beginnings).join('|')})$`,
    examples: ['y', 'n'],
  },
  (value: string) => {
    const begins = (word: string): boolean => value !== '' && word.startsWith(value.toLowerCase());
    if (begins('yes') || begins('true')) return true;
    return begins('no') || begins('false') ? false : undefined;
  },
);

/** A pattern for the first letters of a word, one at least, in any case: `[yY]([eE]([sS])?)?`. */
function beginnings(word: string): string {
  const [first = '', ...others] = Array.from(word, anyCase);
  return first + others.reduceRight((rest, letter) => `(${letter}${rest})?`, '');
}

/** At least one of these words, however they are separated; case and hyphens do not count. */
export function someOf(...choices: readonly string[]) {
  return as(wordSchema(choices), (value: string): ReadonlySet<string> | undefined => {
    const words = value
      .toLowerCase()
      .replaceAll('-', '')
      .split(/[\s,;]+/)
      .filter(Boolean);
    return words.length > 0 && words.every((word) => choices.includes(word)) ? new Set(words) : undefined;
  });
}

/** Of one item or more, joined by commas, each of that form. */
export function listOf(form: RegExp) {
  return as(formSchema(form), (value: string): readonly string[] | undefined => {
    const items = trimmed(value.split(','));
    return items.every((item) => form.test(item)) ? items : undefined;
  });
}

function trimmed(texts: readonly string[]): string[] {
  return texts.map((text) => text.trim());
}

/** Addresses, ranges `a-b`, and networks `a/24`, which become ranges: Qualys' guide has no other form. */
export function ipv4Ranges(value: string): readonly string[] | undefined {
  const ranges = value.split(',').map((item) => ipv4Range(trimmed(item.split('-')).join('-')));
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

function ipv4Range(item: string): string | undefined {
  const [network = '', bits] = item.split('/');
  if (bits !== undefined) {
    if (!isIPv4(network) || !/^(?:[1-9]|[12]\d|3[0-2])$/.test(bits)) return undefined;
    const size = 2 ** (32 - Number(bits));
    const first = Math.floor(ipv4Number(network) / size) * size;
    return `${ipv4Text(first)}-${ipv4Text(first + size - 1)}`;
  }
  const [first = '', last = first, ...more] = item.split('-');
  if (more.length > 0 || !isIPv4(first) || !isIPv4(last)) return undefined;
  return ipv4Number(first) <= ipv4Number(last) ? item : undefined;
}

function ipv4Number(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}

function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** `https://host[:port]` of a host, host:port or URL. Plain http only on loopback. */
export function qualysBaseUrl(value: string): string | undefined {
  const url = toUrl(value, 'https');
  if (!url || url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    return undefined;
  }
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url.origin : undefined;
}

/** The proxy's URL, without a slash at its end; without a scheme it is http, as for every other program. */
export function proxyUrl(value: string): string | undefined {
  const url = toUrl(value, 'http');
  return url && /^https?:$/.test(url.protocol) && url.pathname === '/'
    ? url.href.replace(/\/$/, '')
    : undefined;
}

function toUrl(value: string, scheme: string): URL | undefined {
  const written = value.includes('://') ? value : `${scheme}://${value}`;
  if (/[\s\\]/.test(written)) return undefined;
  return URL.canParse(written) ? new URL(written) : undefined;
}
