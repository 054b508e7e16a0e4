/** Bytes of a small answer that are read; a list of thousands of reports is well below. */
const LIMIT = 16_777_216;

/** The text of a small answer; what exceeds the limit is not read, so that the answer then counts as broken off. */
export async function readSmall(body: AsyncIterable<Buffer>, limit = LIMIT): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
