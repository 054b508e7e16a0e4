/**
 * Perl's Getopt::Long in its default configuration, as a pure function: crontabs written for the Perl
 * connector lean on its rules. Source: Getopt::Long 2.52 (its manual page and answers), compared in the tests.
 */

export interface OptionSpec {
  /** Lower case. */
  readonly name: string;
  /** Perl's `name`, `name=s`, `name=i`; and what may have a value, but only after `=`. */
  readonly value: 'none' | 'text' | 'integer' | 'attached';
}

export type OptionValue = true | string | number;

/** What one word, or an option and its value, turned out to be. */
export type Word =
  | {
      readonly kind: 'option';
      readonly name: string;
      readonly value: OptionValue;
      readonly place: ValuePlace;
    }
  | { readonly kind: 'operand'; readonly text: string }
  | { readonly kind: 'message'; readonly text: string };

/** Where an option's value stands: index of its word and the first character of it there. */
interface ValuePlace {
  readonly word: number;
  readonly from: number;
}

export interface ReadWords {
  /** By full name; of an option given twice the last value counts. */
  readonly options: ReadonlyMap<string, OptionValue>;
  readonly operands: readonly string[];
  /** Getopt::Long's complaints, in its words and order. */
  readonly messages: readonly string[];
}

/**
 * Reads command line words. Each table is looked up only when a name fits nothing in the tables before it,
 * so that new options never change what an abbreviation of an old one means; one table is exactly Getopt::Long.
 */
export function getopt(words: readonly string[], tables: readonly (readonly OptionSpec[])[]): ReadWords {
  const options = new Map<string, OptionValue>();
  const operands: string[] = [];
  const messages: string[] = [];
  for (const word of scanWords(words, tables)) {
    if (word.kind === 'option') options.set(word.name, word.value);
    else if (word.kind === 'operand') operands.push(word.text);
    else messages.push(word.text);
  }
  return { options, operands, messages };
}

/** The same, one thing at a time with the place of each value. */
export function* scanWords(
  words: readonly string[],
  tables: readonly (readonly OptionSpec[])[],
): Generator<Word> {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      yield* words.slice(at + 1).map((text): Word => ({ kind: 'operand', text }));
      return;
    }
    const split = splitOption(word);
    if (split === undefined) {
      yield { kind: 'operand', text: word };
      continue;
    }
    const spec = findSpec(split, tables);
    if (typeof spec === 'string') {
      yield { kind: 'message', text: spec };
      continue;
    }
    // Perl takes the next word whatever it looks like, and also when the value turns out to be no number.
    const takesNext =
      spec.value !== 'none' &&
      spec.value !== 'attached' &&
      split.value === undefined &&
      at + 1 < words.length;
    const place = takesNext ? { word: at + 1, from: 0 } : { word: at, from: split.valueFrom };
    if (takesNext) at += 1;
    yield readValue(spec, takesNext ? words[at] : split.value, { split, place });
  }
}

interface SplitOption {
  readonly starter: string;
  readonly name: string;
  readonly value: string | undefined;
  readonly valueFrom: number;
}

/** `--name=value` in its parts; undefined for an operand. */
function splitOption(word: string): SplitOption | undefined {
  const starter = /^(?:--|-|\+)/.exec(word)?.[0];
  if (starter === undefined || word === '-') return undefined;
  const body = word.slice(starter.length);
  // A name has one character at least: the `=` in `-=x` belongs to the name.
  const equals = body.indexOf('=', 1);
  if (equals < 0) return { starter, name: lowerCase(body), value: undefined, valueFrom: word.length };
  return {
    starter,
    name: lowerCase(body.slice(0, equals)),
    value: body.slice(equals + 1),
    valueFrom: starter.length + equals + 1,
  };
}

/** Perl sees bytes: only ASCII letters have a lower case. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The option that a name means, or what is wrong with the name. */
function findSpec(
  { starter, name }: SplitOption,
  tables: readonly (readonly OptionSpec[])[],
): OptionSpec | string {
  if (name === '') return `Missing option after ${starter}`;
  for (const table of tables) {
    const fits = table.filter((spec) => spec.name.startsWith(name));
    const found = fits.find((spec) => spec.name === name) ?? (fits.length === 1 ? fits[0] : undefined);
    if (found !== undefined) return found;
    if (fits.length > 1) {
      const names = fits.map((spec) => spec.name).sort();
      return `Option ${name} is ambiguous (${names.join(', ')})`;
    }
  }
  return `Unknown option: ${name}`;
}

function readValue(
  { name, value: kind }: OptionSpec,
  value: string | undefined,
  { split, place }: { split: SplitOption; place: ValuePlace },
): Word {
  if (kind === 'none') {
    if (value === undefined) return { kind: 'option', name, value: true, place };
    return { kind: 'message', text: `Option ${name} does not take an argument` };
  }
  if (kind === 'attached' && value === undefined) return { kind: 'option', name, value: true, place };
  // `-server=` is refused, but an empty word of its own is a value.
  if (value === undefined || (value === '' && split.value !== undefined)) {
    return { kind: 'message', text: `Option ${name} requires an argument` };
  }
  if (kind !== 'integer') return { kind: 'option', name, value, place };
  const number = readInteger(value);
  if (number !== undefined) return { kind: 'option', name, value: number, place };
  return { kind: 'message', text: `Value "${value}" invalid for option ${name} (number expected)` };
}

/** Perl's integers: a sign, digits, underscores anywhere between, and (its `$` allows it) one line end. */
function readInteger(text: string): number | undefined {
  if (!/^[-+]?_*[0-9][0-9_]*\n?$/.test(text)) return undefined;
  // Adding 0 turns -0 into 0, as Perl has it.
  return Number(text.replaceAll('_', '')) + 0;
}
