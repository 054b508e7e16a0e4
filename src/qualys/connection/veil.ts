/** Hides in foreign text what was sent to whoever wrote it. */
export type Veil = (text: string) => string;

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Characters of foreign text that are looked through: more than any message shows. */
const LOOKED_THROUGH = 65_536;
/** A token as Qualys' gateway gives it, whole or cut off. */
const JWT = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/gi;
/** Characters of the shortest that JWT finds. */
const SHORTEST_JWT = 8;
/** Shorter words are hidden only where they stand alone: else the text could not be read any more. */
const SHORT = 4;
const NAMED: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/**
 * Servers and filtering proxies repeat what they got: passwords, users and Basic credentials become `***`, as they
 * are, in Base64, and escaped for URLs, XML or JSON, in whole or in part. So do tokens, and whatever follows `Authorization:`.
 */
export function makeVeil(logins: readonly Login[]): Veil {
  const words = logins.flatMap(({ user, password }) => [user, password]).filter((word) => word !== '');
  const shortest = Math.min(SHORTEST_JWT, ...words.map((word) => Array.from(word).length));
  let pattern: RegExp | undefined;
  return (text) => {
    // Making the pattern and compiling it would cost more than a call, whose headers are short numbers.
    if (text.length < shortest) return text;
    return text
      .slice(0, LOOKED_THROUGH)
      .replace((pattern ??= patternOf(logins)), '***')
      .replace(JWT, '***')
      .replace(/(authorization["']?\s*[:=]\s*["']?(?:\w+\s+)?)[\w+/=.~%*-]+/gi, '$1***');
  };
}

function patternOf(logins: readonly Login[]): RegExp {
  const secrets = logins.flatMap(({ user, password }) => [
    formOf(base64(`${user}:${password}`)) + '=*',
    ...(password.length < SHORT ? [] : [formOf(base64(password)) + '=*']),
    formOf(password),
    formOf(user),
  ]);
  // Without the flag u, which makes V8 look up the case of each character in the system's tables: a tenth of a second.
  return new RegExp(secrets.filter((form) => form !== '').join('|') || '(?!)', 'gi');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
}

/** A pattern for the word, each of its characters in whichever form. */
function formOf(word: string): string {
  const form = Array.from(word, characterForm).join('');
  return word === '' || word.length >= SHORT ? form : `(?<!\\w)${form}(?!\\w)`;
}

function characterForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const bytes = Buffer.from(character, 'utf8');
  const hex = code.toString(16);
  const percent = [...bytes].map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
  const entity = [`#0*${code}`, `#x0*${hex}`, NAMED[character]].filter(Boolean).join('|');
  const forms = [
    // With a stroke in front, as in JSON and in shells.
    `\\\\?${literal(character)}`,
    percent,
    `&(?:amp;)*(?:${entity});`,
    `\\\\u${hex.padStart(4, '0')}`,
    // UTF-8 that was read as Latin-1, or Latin-1 as UTF-8.
    ...(code > 0x7f ? [literal(bytes.toString('latin1')), '\\ufffd'] : []),
    ...(character === ' ' ? ['\\+'] : []),
    // Base64 for URLs.
    ...(character === '+' ? ['-'] : []),
    ...(character === '/' ? ['_'] : []),
  ];
  return `(?:${forms.join('|')})`;
}

function literal(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
