import { type Answer, readAnswer } from './answer.ts';
import type { QualysConnection } from '../connection/connection.ts';
import type { QualysCall } from '../connection/call.ts';
import { readSmall } from '../connection/read-small.ts';
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

/** Of `/api/<version>/…`; the classic `/msp/` has no versions. */
function isVersioned({ path }: QualysCall): boolean {
  return path.startsWith('/api/');
}
