import { type Answer, readAnswer } from './answer.ts';
import { readBounded } from './bounded-body.ts';
import type { QualysConnection } from '../connection/connection.ts';
import type { QualysCall } from '../connection/qualys-call.ts';
import { judge } from './judge.ts';

/** Makes a call whose answer is small, and judges it: see `judge` for what is thrown. */
export async function ask(
  connection: QualysConnection,
  call: QualysCall,
  expected: readonly string[],
  doing: string,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await connection.call(call, signal);
  const text = await readBounded(response.body);
  const answer = readAnswer(response.status, (name) => response.header(name), text);
  judge(answer, expected, { host: connection.host, doing });
  return answer;
}
