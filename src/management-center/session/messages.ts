import { COMMANDS } from '../../host-input/commands.ts';
import { commandName } from '../../host-input/command.ts';
import { oneLine } from '../../text/one-line.ts';
import type { Block } from './block.ts';
import {
  BlockRefusedError,
  ConnectionLostError,
  MaximumTooSmallError,
  NotHostInputError,
  type Peer,
  VersionRefusedError,
} from './errors.ts';
import { encodeFrame, type Frame } from './frames.ts';

/** The messages of host input, of both sides. Source: the vendor's reference client, observed. */
const MESSAGE_TYPE = { maximumSize: 1, version: 2, data: 3, error: 4 } as const;

/** The one that both sides speak. */
export const PROTOCOL_VERSION = 1;

/** Bytes that appliances take in one message of commands, and so in one line with its LF (observed). */
export const USUAL_MAXIMUM = 524_288;

/** Bytes: an AddScanResult with the longest address, every field filled as shortly as can be, and no text. */
const SMALLEST_MAXIMUM = 128;

// What the client says.

export const version = (number = PROTOCOL_VERSION): Buffer =>
  encodeFrame(MESSAGE_TYPE.version, uint32(number));

export const data = (block: Block): Buffer => block.frame(MESSAGE_TYPE.data);

// What the Management Center says.

/** @param bytes that it takes in one message of commands */
export const maximumSize = (bytes: number): Buffer => encodeFrame(MESSAGE_TYPE.maximumSize, uint32(bytes));

/** To commands. @param text lines; the last one `Done processing N commands.` */
export const reply = (text: string): Buffer => encodeFrame(MESSAGE_TYPE.data, Buffer.from(text));

export const errorMessage = (text: string): Buffer => encodeFrame(MESSAGE_TYPE.error, Buffer.from(text));

// What the Management Center hears.

/** The client's version; undefined: it says something else. */
export function readVersion({ type, body }: Frame): number | undefined {
  return type === MESSAGE_TYPE.version && body.length === 4 ? body.readUInt32BE(0) : undefined;
}

/** Commands; undefined: it says something else. */
export function readData({ type, body }: Frame): Buffer | undefined {
  return type === MESSAGE_TYPE.data ? body : undefined;
}

// What the client hears.

/**
 * The answer to the version: the bytes of commands that are taken at once.
 * @throws VersionRefusedError, NotHostInputError, MaximumTooSmallError
 */
export function readMaximumSize({ type, body }: Frame, peer: Peer): number {
  if (type === MESSAGE_TYPE.error) throw new VersionRefusedError(peer, shown(body));
  if (type !== MESSAGE_TYPE.maximumSize || body.length !== 4) {
    throw new NotHostInputError(peer, `a message of type ${type} with ${body.length} bytes`);
  }
  const maximum = body.readUInt32BE(0);
  if (maximum < SMALLEST_MAXIMUM) throw new MaximumTooSmallError(peer, maximum, SMALLEST_MAXIMUM);
  return maximum;
}

/** What the Management Center says to a block of commands. */
export interface Reply {
  /** All of it, without what ends it. */
  readonly text: string;
  /** The count it gives; undefined where it gives none. */
  readonly processed: number | undefined;
  /** What it complains of, as it came; undefined when all is well. */
  readonly complaint: string | undefined;
}

const DONE = /^Done processing (\d{1,15}) commands?\.?[^\S\n]*$/m;

/**
 * The answer to a block: `Done processing N commands.` alone is good, nothing at all is an acknowledgement without a
 * count. Any other text is a complaint, and so is a count of none for a block that held commands.
 * @throws BlockRefusedError, ConnectionLostError (an answer that belongs to no block)
 */
export function readReply({ type, body }: Frame, block: Block, peer: Peer): Reply {
  if (type === MESSAGE_TYPE.error) throw new BlockRefusedError(peer, shown(body));
  if (type !== MESSAGE_TYPE.data) {
    throw new ConnectionLostError(peer, `it sent a message of type ${type} in answer to a block`);
  }
  const text = withoutEnd(body.toString('utf8'));
  const done = DONE.exec(text);
  const processed = done ? Number(done[1]) : undefined;
  const rest = done ? `${text.slice(0, done.index)}${text.slice(done.index + done[0].length)}` : text;
  const complaint = rest.trim() || (processed === 0 && holdsCommands(block) ? text.trim() : undefined);
  return { text, processed, complaint: complaint === '' ? undefined : complaint };
}

/** Something that nothing was asked for, as a complaint. */
export function readUnasked({ type, body }: Frame): string {
  if (type === MESSAGE_TYPE.error) return `an error message: ${shown(body) || '(it gave no reason)'}`;
  if (type !== MESSAGE_TYPE.data) return `a message of type ${type} that nothing was asked for`;
  return `a further reply: ${withoutEnd(body.toString('utf8')).trim() || '(empty)'}`;
}

function holdsCommands({ text }: Block): boolean {
  const lines = text.toString('utf8').split('\n');
  return lines.some((line) => COMMANDS.has(commandName(line)));
}

function shown(body: Buffer): string {
  return oneLine(withoutEnd(body.toString('utf8')), 1000);
}

/** Without blanks and NULs at its end; a regular expression would try each run of them before that, for hours. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\0\s]/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function uint32(value: number): Buffer {
  const body = Buffer.allocUnsafe(4);
  body.writeUInt32BE(value, 0);
  return body;
}
