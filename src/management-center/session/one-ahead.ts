import type { Shipment } from './shipment.ts';

/**
 * The same shipments, each made while the one before it is under way: the Management Center works on a block and this
 * program on the next one at the same time. One is ahead, no more.
 */
export async function* oneAhead(shipments: AsyncGenerator<Shipment>): AsyncGenerator<Shipment> {
  let next: Promise<IteratorResult<Shipment, unknown>> = shipments.next();
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = afterSending(() => shipments.next());
      yield result.value;
    }
  } finally {
    const left = await next.catch(() => undefined);
    if (left?.done === false) await left.value.discard();
    await shipments.return(undefined);
  }
}

/** Not before whoever takes the shipment has sent its first block. A failure is told when it is awaited. */
function afterSending<T>(work: () => Promise<T>): Promise<T> {
  const result = new Promise<void>((resolve) => setImmediate(resolve)).then(work);
  result.catch(() => undefined);
  return result;
}
