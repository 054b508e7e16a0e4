import { BlockRefusedError, ConnectionLostError } from './errors.ts';
import { type Frame, FrameType } from './frames.ts';
import { oneLine } from '../../text/one-line.ts';

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
 * Judges the answer to a block: `Done processing N commands.` first is good, nothing at all is an acknowledgement
 * without a count, text before that line or instead of it is a complaint.
 * Throws BlockRefusedError (type 4), ConnectionLostError (an answer that belongs to no block).
 */
export function judgeReply(frame: Frame): Reply {
  const text = withoutEnd(frame.body.toString('utf8'));
  if (frame.type === FrameType.error) throw new BlockRefusedError(oneLine(text, 1000));
  if (frame.type !== FrameType.data) {
    throw new ConnectionLostError(`it sent a message of type ${frame.type} in answer to a block`);
  }
  const done = DONE.exec(text);
  const before = done ? text.slice(0, done.index) : text;
  return {
    text,
    processed: done ? Number(done[1]) : undefined,
    complaint: before.trim() === '' ? undefined : before.trim(),
  };
}

/** Without blanks and NULs at its end; a regular expression would try each run of them before that, for hours. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\0\s]/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
