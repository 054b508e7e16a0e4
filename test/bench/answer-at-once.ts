import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { FrameReader } from '../../src/management-center/session/frame-reader.ts';
import {
  maximumSize,
  readVersion,
  reply,
  USUAL_MAXIMUM,
} from '../../src/management-center/session/messages.ts';
import type { StageCertificates } from '../../src/simulators/stage.ts';

/**
 * A Management Center that answers each block as soon as it has it, and applies nothing: what is measured with it is
 * the connector and not the other side. @returns listening on 127.0.0.1
 */
export async function answerAtOnce(
  certificates: StageCertificates,
): Promise<{ server: Server; port: number }> {
  const { managementCenter, internalAuthority } = certificates;
  const server = createServer(
    {
      key: managementCenter.key,
      cert: managementCenter.certificate,
      ca: internalAuthority.certificate,
      requestCert: true,
    },
    answer,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

function answer(socket: TLSSocket): void {
  const reader = new FrameReader(USUAL_MAXIMUM);
  socket.setNoDelay(true);
  socket.on('data', (bytes: Buffer) => {
    reader.push(bytes);
    for (let frame = reader.next(); frame; frame = reader.next()) {
      const isVersion = readVersion(frame) !== undefined;
      socket.write(isVersion ? maximumSize(USUAL_MAXIMUM) : reply(''));
    }
  });
}
