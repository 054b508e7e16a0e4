/** Questions with a default in brackets and help at `?`, asked again until the answer will do. */
import { Secret } from '../secrets/secret.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { NONE } from './answer-words.ts';

/** Columns behind which nothing is written, however wide the terminal is. */
const WIDEST = 100;

interface Asked {
  readonly question: string;
  /** What `?` shows. */
  readonly help: string;
}

interface AskedText extends Asked {
  /** What Enter means; shown in brackets. */
  readonly initial: string;
  /** What is wrong with an answer, in a sentence; undefined: it will do. */
  readonly wrong?: (answer: string) => string | undefined;
}

interface AskedChoice extends Asked {
  /** In words, numbered from 1. */
  readonly choices: readonly string[];
  /** The number that Enter means. */
  readonly initial: number;
}

export class Questions {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Aborted at Ctrl-C, and when the terminal goes away. */
  get signal(): AbortSignal {
    return this.#terminal.signal;
  }

  /** Shows a text, its lines broken between words where they are too long for the terminal. */
  say(text = ''): void {
    const width = Math.max(20, Math.min(this.#terminal.columns, WIDEST));
    this.#terminal.say(
      text
        .split('\n')
        .map((line) => broken(line, width))
        .join('\n'),
    );
  }

  /** Shows a text as it is: commands are to be copied whole. */
  show(text: string): void {
    this.#terminal.say(text);
  }

  async text({ question, help, initial, wrong }: AskedText): Promise<string> {
    for (;;) {
      const typed = (await this.#terminal.ask(`${question} [${initial}]: `, true)).trim();
      const answer = typed === '' ? initial : typed;
      const complaint = /\p{Cc}/u.test(answer) ? 'There is a control character in it.' : wrong?.(answer);
      if (typed === '?') this.say(help);
      else if (complaint === undefined) return answer;
      else this.say(complaint);
    }
  }

  async yes({ question, help, initial }: Asked & { readonly initial: boolean }): Promise<boolean> {
    const wrong = (answer: string): string | undefined =>
      /^(?:y|yes|n|no)$/i.test(answer) ? undefined : 'Type y or n.';
    return /^y/i.test(await this.text({ question, help, initial: initial ? 'y' : 'n', wrong }));
  }

  /** @returns the number of the choice, from 1 */
  async choice({ question, help, choices, initial }: AskedChoice): Promise<number> {
    this.#list(choices);
    const wrong = (answer: string): string | undefined =>
      isNumberUpTo(answer, choices.length) ? undefined : `Type a number from 1 to ${choices.length}.`;
    return Number(await this.text({ question, help, initial: String(initial), wrong }));
  }

  /** @param initial the numbers that Enter means @returns those of the choices, from 1, or none */
  async several({
    question,
    help,
    choices,
    initial,
  }: Omit<AskedChoice, 'initial'> & { readonly initial: readonly number[] }): Promise<number[]> {
    this.#list(choices);
    const numbers = (answer: string): string[] =>
      answer === NONE ? [] : answer.split(/[\s,]+/).filter(Boolean);
    const wrong = (answer: string): string | undefined =>
      numbers(answer).every((number) => isNumberUpTo(number, choices.length))
        ? undefined
        : `Type numbers from 1 to ${choices.length}, joined by commas, or none.`;
    return numbers(await this.text({ question, help, initial: initial.join(',') || NONE, wrong })).map(
      Number,
    );
  }

  /** What is typed is not shown. @returns undefined for Enter alone */
  async secret({
    question,
    help,
    initial,
  }: Asked & { readonly initial: string }): Promise<Secret | undefined> {
    for (;;) {
      const typed = await this.#terminal.ask(`${question} (not shown) [${initial}]: `, false);
      if (typed === '?') this.say(help);
      else if (/\p{Cc}/u.test(typed)) this.say('There is a control character in it.');
      else return typed === '' ? undefined : new Secret(typed);
    }
  }

  #list(choices: readonly string[]): void {
    const width = String(choices.length).length;
    choices.forEach((choice, index) => {
      this.say(`  ${String(index + 1).padStart(width)}  ${choice}`);
    });
  }
}

function isNumberUpTo(text: string, most: number): boolean {
  return /^[1-9]\d{0,5}$/.test(text) && Number(text) <= most;
}

/** A longer word, such as a path, stays whole: it can be copied. */
function broken(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const rows: string[] = [];
  let row = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    if (row.length > indent.length && row.length + word.length + 1 > width) {
      rows.push(row);
      row = indent + word;
    } else row += row.length > indent.length ? ` ${word}` : word;
  }
  return [...rows, row].join('\n');
}
