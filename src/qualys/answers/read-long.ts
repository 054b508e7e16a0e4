import { CutError } from '../../xml/cutting/cut-error.ts';
import { Cutter } from '../../xml/cutting/cutter.ts';
import { container, type ContainerPlan, type ElementPlan, value } from '../../xml/cutting/element-plan.ts';
import { parseElement } from '../../xml/cutting/parse-element.ts';
import { CuttingWindow } from '../../xml/cutting/window.ts';
import { replaceInvalid, unfinishedLength } from '../../xml/utf8.ts';
import type { QualysCall } from '../connection/call.ts';
import type { QualysConnection } from '../connection/connection.ts';
import { readSmall } from '../connection/read-small.ts';
import { oneLine } from '../../text/one-line.ts';
import { readAnswer } from './answer.ts';
import { OwnDeclarationsError } from './errors.ts';
import { originOf } from './ask.ts';
import { judge } from './judge.ts';
import { peek, rejoined } from './peek.ts';

/** A document of any length, whose parts are taken as they come. */
export interface LongDocument {
  /** Of its root element. */
  readonly root: string;
  /** What stands in its RESPONSE, and is taken. */
  readonly response: Readonly<Record<string, ElementPlan>>;
  /** Told of the bytes that came. */
  readonly watch: (bytes: number) => void;
  /** The error for a document that breaks off or is not well-formed. */
  readonly broken: (what: string) => Error;
}

/** What came with a document that was read to its end. */
export interface LongAnswer {
  /** A header by its lower-case name, fit for a message. */
  readonly header: (name: string) => string | undefined;
  /** Foreign text made fit for a message. */
  readonly shown: (text: string, length: number) => string;
  /** Bytes that were not valid text, replaced by `?`. */
  readonly invalidBytes: number;
}

/** What follows the root element is a notice. */
const LONGEST_NOTICE = 1_048_576;

/**
 * Makes a call whose answer is a document of any length, and reads it to its end.
 * @throws what `judge` throws for another answer, `broken`'s error, or those of the plan; parts may have been taken then
 */
export async function readLong(
  connection: QualysConnection,
  call: QualysCall,
  document: LongDocument,
  doing: string,
  signal: AbortSignal,
): Promise<LongAnswer> {
  const response = await connection.call(call, signal, document.watch);
  const origin = { ...originOf(connection, doing), versioned: true };
  const { body, veil } = response;
  const shown = (foreign: string, length: number): string => oneLine(veil(foreign), length);
  try {
    const { head, start } = await peek(body);
    const whole = rejoined(head, body);
    if (start.root !== document.root || response.status >= 300) {
      judge(readAnswer(response, await readSmall(whole)), [document.root], origin);
    }
    const refusal = new Refusal();
    const invalidBytes = await cutBody(whole, document, refusal, doing);
    const said = refusal.document;
    if (said !== undefined) judge(readAnswer(response, said), [], origin);
    // An empty root is no list without entries, which says when it was made.
    if (!refusal.responded) throw document.broken('it has no <RESPONSE>');
    const header = (name: string): string | undefined => {
      const found = response.header(name);
      return found === undefined ? undefined : shown(found, 40);
    };
    return { header, shown, invalidBytes };
  } finally {
    await body.return?.();
  }
}

/** An error in the root of the document that was asked for: its words in the form that all errors have. */
class Refusal {
  /** Whether there was a RESPONSE. */
  responded = false;
  #number = '';
  #text = '';

  plan(response: LongDocument['response']): ContainerPlan {
    return container({
      RESPONSE: container(
        {
          ...response,
          CODE: value((bytes, start, end) => (this.#number = parseElement(bytes, start, end).text)),
          TEXT: value((bytes, start, end) => (this.#text = parseElement(bytes, start, end).text)),
        },
        { enter: () => (this.responded = true) },
      ),
      ERROR: value((bytes, start, end) => {
        const { attributes, text } = parseElement(bytes, start, end);
        this.#number = attributes.get('number') ?? '0';
        this.#text = text;
      }),
    });
  }

  get document(): string | undefined {
    if (!/^\d+$/.test(this.#number)) return undefined;
    const text = oneLine(this.#text, 500).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<SIMPLE_RETURN><RESPONSE><CODE>${this.#number}</CODE><TEXT>${text}</TEXT></RESPONSE></SIMPLE_RETURN>`;
  }
}

async function cutBody(
  body: AsyncIterable<Buffer>,
  { root, response, broken }: LongDocument,
  refusal: Refusal,
  doing: string,
): Promise<number> {
  const cutter = new Cutter(root, refusal.plan(response));
  const pieces = new Pieces(cutter);
  let notice = 0;
  try {
    for await (const chunk of body) {
      if (!cutter.ended) pieces.cut(chunk);
      else if ((notice += chunk.length) > LONGEST_NOTICE) break;
    }
    if (!cutter.ended) throw pieces.brokenOff();
  } catch (error) {
    // All that was asked for has come.
    if (cutter.ended) return pieces.invalid;
    if (!(error instanceof CutError)) throw error;
    throw error.reason === 'subset' ? new OwnDeclarationsError(doing) : broken(wordsOf(error));
  }
  return pieces.invalid;
}

/** Valid UTF-8 for the cutter, of chunks that end within characters. */
class Pieces {
  invalid = 0;
  readonly #window: CuttingWindow;
  #pending: Buffer = Buffer.alloc(0);
  #begun = false;

  constructor(cutter: Cutter) {
    this.#window = new CuttingWindow(cutter, 65_536);
  }

  cut(chunk: Buffer): void {
    const bytes = this.#begun ? chunk : withoutMark(chunk);
    this.#begun = true;
    const window = this.#window;
    window.makeRoom(this.#pending.length + bytes.length);
    this.#pending.copy(window.bytes, window.kept);
    bytes.copy(window.bytes, window.kept + this.#pending.length);
    const piece = window.bytes.subarray(window.kept, window.kept + this.#pending.length + bytes.length);
    const whole = piece.length - unfinishedLength(piece);
    this.#pending = Buffer.from(piece.subarray(whole));
    this.invalid += replaceInvalid(piece.subarray(0, whole));
    window.cut(whole);
  }

  brokenOff(): CutError {
    return this.#window.brokenOff();
  }
}

function withoutMark(chunk: Buffer): Buffer {
  return chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
}

function wordsOf({ reason, at, message }: CutError): string {
  switch (reason) {
    case 'end':
      return `it ends after ${at} bytes, within <${message}>`;
    case 'endless':
      return `an element at byte ${at} does not end`;
    default:
      return `it is not well-formed XML at byte ${at}: ${oneLine(message, 300)}`;
  }
}
