import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { PlannedFault } from './faults.ts';
import { firstHalf, type WireBody } from './report-body.ts';
import type { Reply } from './reply.ts';

export function sendText(response: ServerResponse, reply: Reply, text: string): void {
  response.writeHead(reply.status, { 'Content-Type': reply.type, ...reply.headers });
  response.end(text);
}

/** Sends a report, with what befalls its body. */
export async function sendReport(
  response: ServerResponse,
  reply: Reply,
  body: WireBody,
  fault: PlannedFault | undefined,
): Promise<void> {
  const { 'Content-Length': length, ...headers } = body.headers;
  const whole = fault?.kind !== 'cut by end' && length !== undefined;
  response.writeHead(reply.status, {
    'Content-Type': reply.type,
    ...reply.headers,
    ...headers,
    ...(whole ? { 'Content-Length': length } : {}),
  });
  switch (fault?.kind) {
    case 'cut by close':
      response.write(await firstHalf(body.chunks), () => response.destroy());
      return;
    case 'cut by end':
      response.end(await firstHalf(body.chunks));
      return;
    case 'stalled':
      response.write(await firstHalf(body.chunks));
      return;
    case 'trickle':
      return trickle(response, body.chunks);
    default:
      return stream(response, body.chunks);
  }
}

/** A client may go away in the middle, which is its own affair. */
async function stream(response: ServerResponse, chunks: WireBody['chunks']): Promise<void> {
  try {
    await pipeline(chunks, response);
  } catch (error) {
    if (!response.destroyed) throw error;
  }
}

/** A few bytes at a time, each in a packet of its own. */
async function trickle(response: ServerResponse, chunks: WireBody['chunks']): Promise<void> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length && !response.destroyed; at += 7) {
      response.write(chunk.subarray(at, at + 7));
      await new Promise(setImmediate);
    }
  }
  response.end();
}
