/** Questions on a terminal, one line each: the only place that reads what a person types. */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { harmless } from '../text/harmless.ts';

/** What a question ends with that gets no answer. */
interface Unanswered {
  /** Ctrl-C. */
  readonly interrupted: () => Error;
  /** Ctrl-D, or the terminal went away. */
  readonly ended: () => Error;
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** Asks on a terminal, and gives it back as it was. @throws what a question throws that gets no answer */
export async function withTerminal<T>(
  unanswered: Unanswered,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  work: (terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = new Terminal(unanswered, input, output);
  try {
    return await work(terminal);
  } finally {
    terminal.close();
  }
}

/**
 * readline edits each line (backspace, paste, UTF-8) and would show it: what it shows passes only while a question is open
 * whose answer may be seen. Lines that are typed ahead wait for their question, unseen.
 */
export class Terminal {
  readonly #unanswered: Unanswered;
  readonly #output: NodeJS.WritableStream;
  readonly #lines: Interface;
  readonly #typed: string[] = [];
  readonly #stop = new AbortController();
  #waiting: Waiting | undefined;
  #end: Error | undefined;
  #echo = false;

  constructor(unanswered: Unanswered, input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
    this.#unanswered = unanswered;
    this.#output = output;
    this.#lines = createInterface({
      input,
      output: this.#curtain(),
      terminal: true,
      historySize: 0,
      tabSize: 1,
    });
    this.#lines.on('line', (line) => {
      const waiting = this.#waiting;
      if (!waiting) return void this.#typed.push(line);
      // What was pasted behind it is for the next question, which may not be shown.
      this.#waiting = undefined;
      this.#echo = false;
      waiting.resolve(line);
    });
    this.#lines.on('SIGINT', () => {
      this.#fail(this.#unanswered.interrupted());
    });
    this.#lines.on('close', () => {
      this.#fail(this.#unanswered.ended());
    });
  }

  /** Aborted, with the error, as soon as no question can be answered any more. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Its width in characters. */
  get columns(): number {
    return ('columns' in this.#output && Number(this.#output.columns)) || 80;
  }

  say(text: string): void {
    this.#output.write(`${text.split('\n').map(harmless).join('\n')}\n`);
  }

  /**
   * One line of what is typed.
   * @param shown whether it may be seen while it is typed
   * @throws what the terminal was made with
   */
  async ask(question: string, shown: boolean): Promise<string> {
    if (this.#end) throw this.#end;
    const prompt = harmless(question);
    const early = this.#typed.shift();
    if (early !== undefined) {
      this.#output.write(`${prompt}${shown ? harmless(early) : ''}\n`);
      return early;
    }
    try {
      const answer = new Promise<string>((resolve, reject) => {
        this.#waiting = { resolve, reject };
      });
      this.#echo = shown;
      // Only now is echo off or on as it is to be: whoever waits for the question may type.
      if (shown) {
        this.#lines.setPrompt(prompt);
        this.#lines.prompt(true);
      } else this.#output.write(prompt);
      return await answer;
    } finally {
      if (!shown || this.#stop.signal.aborted) this.#output.write('\n');
      this.#waiting = undefined;
      this.#echo = false;
    }
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#lines.removeAllListeners('close');
    this.#lines.close();
  }

  #fail(error: Error): void {
    if (this.#end) return;
    this.#end = error;
    this.#waiting?.reject(error);
    this.#stop.abort(error);
  }

  #curtain(): Writable {
    const curtain = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#echo) this.#output.write(chunk);
        done();
      },
    });
    Object.defineProperty(curtain, 'columns', { get: () => this.columns });
    return curtain;
  }
}
