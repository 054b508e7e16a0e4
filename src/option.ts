import * as commander from 'commander';
import type * as typed from '@commander-js/extra-typings';
import { Secret } from './secrets/secret.ts';

/** The same class, under types that infer the option's value from how it is made. */
const optionOfCommander: typeof typed.Option = commander.Option;

/** What commander does not know of an option. */
interface Ours {
  /** What the usage says at the right; absent: its default, where it has one. */
  readonly note?: string;
  /** What the usage says directly after the value: what its numbers mean. */
  readonly meanings?: string;
  /** What may stand after `=`, for completion; absent: its choices, where it has some. */
  readonly completes?: 'file' | 'directory' | readonly string[];
  /** The command that alone takes it; absent: both do. */
  readonly only?: 'qualys_connector' | 'process-multiple';
  /** It is younger than another that begins alike: what abbreviates that never means it. */
  readonly younger?: true;
}

/**
 * One option of the command line. `flags` have commander's form, `--port <server port>`; `description` is what the manual
 * page says, in whole sentences. Call `excludes` first, then what else is defined here, then commander's own `default` and
 * `argParser`: all but `excludes` return commander's type.
 */
export class Option<const Flags extends string = string> extends optionOfCommander<Flags> {
  readonly ours: Ours;
  /** Lowest and highest value of a whole number; undefined: it takes none. */
  range: readonly [number, number] | undefined;
  /** Its value is never shown. */
  isSecret = false;
  /** The options that it cannot be given together with, and why. */
  readonly excluded = new Map<string, string>();

  constructor(flags: Flags, description: string, ours: Ours = {}) {
    super(flags, description);
    this.ours = ours;
  }

  /** With its brackets, e.g. `<server address>`; empty for a flag. */
  get placeholder(): string {
    return /<.*>/.exec(this.flags)?.[0] ?? '';
  }

  /** What the usage says at the right. */
  get note(): string {
    const initial =
      this.required && this.defaultValue !== undefined ? `(default: ${String(this.defaultValue)})` : '';
    return this.ours.note ?? initial;
  }

  /** The description, and the default where that is a number. */
  get help(): string {
    return this.range && this.defaultValue !== undefined
      ? `${this.description} Default ${String(this.defaultValue)}.`
      : this.description;
  }

  get completes(): Ours['completes'] {
    return this.ours.completes ?? this.argChoices;
  }

  /** A whole number. */
  between<Whole extends number = number>(lowest: number, highest: number) {
    this.range = [lowest, highest];
    return this.argParser((text) => {
      const number = Number(text);
      if (number >= lowest && number <= highest) return number as Whole;
      throw new commander.InvalidArgumentError('It is out of range.');
    });
  }

  /** One of these words, in any case. */
  override choices<const Words extends readonly string[]>(words: Words) {
    const option = super.choices(words);
    const exact = this.parseArg;
    if (exact) this.parseArg = (text, previous) => exact(text.toLowerCase(), previous);
    return option;
  }

  secret() {
    this.isSecret = true;
    return this.argParser((text) => new Secret(text));
  }

  /**
   * In place of commander's `conflicts`, to which what the environment says is given too.
   * @param why continues "-one and -other cannot be given together: "
   */
  excludes(other: string, why: string): this {
    this.excluded.set(other, why);
    return this;
  }
}
