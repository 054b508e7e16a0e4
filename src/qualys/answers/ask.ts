import { type Answer, readAnswer } from './answer.ts';
import type { QualysConnection } from '../connection/connection.ts';
import type { QualysCall } from '../connection/call.ts';
import { type AnswerOrigin, judge } from './judge.ts';

/** Makes a call whose answer is small, and judges it: see `judge` for what is thrown. */
export async function ask(
  connection: QualysConnection,
  call: QualysCall,
  expected: readonly string[],
  doing: string,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await connection.call(call, signal);
  const text = await readSmall(response.body);
  const answer = readAnswer(response, text);
  judge(answer, expected, { ...originOf(connection, doing), versioned: isVersioned(call) });
  return answer;
}

/** Where the answers of that connection come from. */
export function originOf({ server, gateway }: QualysConnection, doing: string): AnswerOrigin {
  return { server, doing, byToken: gateway !== undefined };
}

/** Characters of a small answer that are read; a list of thousands of reports is well below. */
const LIMIT = 16_777_216;

/** The text of a small answer; what exceeds the limit is not read, so that the answer then counts as broken off. */
export async function readSmall(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of `/api/<version>/…`; the classic `/msp/` has no versions. */
function isVersioned({ path }: QualysCall): boolean {
  return path.startsWith('/api/');
}
