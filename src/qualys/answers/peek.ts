import { type DocumentStart, readDocumentStart } from '../../xml/document-start.ts';

/** Bytes to look at for the root element, and for its closing tag behind which only a notice stands. */
export const PEEK = 65_536;

/** Reads just as much as it takes to know what is coming. */
export async function peek(body: AsyncIterator<Buffer>): Promise<{ head: Buffer; start: DocumentStart }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const next = await body.next();
    const ended = next.done === true;
    if (!ended) {
      chunks.push(next.value);
      length += next.value.length;
      // Only a tag's end can tell anything new; a slow trickle shall not be read anew for every byte.
      if (length >= 4 && length < PEEK && !next.value.includes('>') && chunks.length > 1) continue;
    }
    const head = Buffer.concat(chunks);
    const start = readDocumentStart(head.toString('utf8'), ended || length >= PEEK);
    if (ended || length >= PEEK || (length >= 4 && start.kind !== 'unknown')) {
      return { head, start };
    }
  }
}

/** All of it again, as it came. */
export async function* rejoined(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
