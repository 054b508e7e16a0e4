import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';

export interface PlainProxy {
  readonly port: number;
  /** Targets of CONNECT, in order. */
  readonly connects: string[];
}

/** A proxy that tunnels, or does with the CONNECT what `answer` does. */
export async function startPlainProxy(
  t: TestContext,
  answer: (client: Duplex, target: string, nth: number) => void = tunnel,
): Promise<PlainProxy> {
  const connects: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer();
  server.on('connect', (request, client: Duplex) => {
    open.add(client);
    client.on('error', () => undefined);
    connects.push(request.url ?? '');
    answer(client, request.url ?? '', connects.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const client of open) client.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connects };
}

export function tunnel(client: Duplex, target: string): void {
  const origin = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    origin.pipe(client).pipe(origin);
  });
  origin.on('error', () => client.destroy());
  client.on('close', () => origin.destroy());
}
