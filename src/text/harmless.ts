const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\t' };

// C0 and C1 controls, DEL, the Unicode line ends, and the marks that turn the direction of writing.
const DANGEROUS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that cannot end a line, move a terminal's cursor or reverse what stands around it: what others wrote
 * (a server's answer, a report) may otherwise forge a log line. Tabs stay; the rest shows as `\n`, `\x1b`, ….
 */
export function harmless(text: string): string {
  return text.replace(DANGEROUS, (character) => ESCAPES[character] ?? escaped(character));
}

/** The same for a JSON text, whose values alone can hold such characters: it stays the same JSON. */
export function harmlessJson(json: string): string {
  return json.replace(
    DANGEROUS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}
