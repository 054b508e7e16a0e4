import { LineTooLongError } from './errors.ts';
import type { Reply } from './reply.ts';
import type { Session } from './session.ts';
import type { Shipment } from './shipment.ts';

const LF = 0x0a;

/** Gets each block with its reply; `further`: a reply that came although the block already had one. */
export type OnReply = (block: Buffer, reply: Reply, further: boolean) => void;

/**
 * Sends a shipment in blocks of whole lines, each as large as `maximum` allows, one after the other's reply.
 * Throws as Session.sendBlock, and LineTooLongError.
 */
export async function sendShipment(
  session: Session,
  shipment: Pick<Shipment, 'bytes' | 'read'>,
  maximum: number,
  signal: AbortSignal,
  onReply: OnReply,
): Promise<void> {
  let last: Buffer = Buffer.alloc(0);
  const hearFurther = (): void => {
    for (const reply of session.furtherReplies()) onReply(last, reply, true);
  };
  for (let offset = 0; offset < shipment.bytes; offset += last.length) {
    const text = await shipment.read(offset, maximum);
    const block = offset + text.length === shipment.bytes ? text : wholeLines(text, maximum);
    hearFurther();
    onReply(block, await session.sendBlock(block, signal), false);
    last = block;
  }
  hearFurther();
}

function wholeLines(text: Buffer, maximum: number): Buffer {
  const end = text.lastIndexOf(LF) + 1;
  if (end === 0) throw new LineTooLongError(text.toString('utf8', 0, 60), maximum);
  return text.subarray(0, end);
}
