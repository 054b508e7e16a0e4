import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { it, type TestContext } from 'node:test';
import { openRoom } from '../../support/qualys-room.ts';

/** A port whose queue of connections is full and stays so: whoever connects gets neither yes nor no. */
async function startFullListener(t: TestContext): Promise<number> {
  const script = `
    const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  child.kill('SIGSTOP');
  const fillers: Socket[] = [];
  t.after(() => {
    for (const filler of fillers) filler.destroy();
  });
  for (let filler = 0; filler < 8; filler++) {
    fillers.push(connect(Number(line), '127.0.0.1').on('error', () => undefined));
  }
  await Promise.race(fillers.map((filler) => once(filler, 'connect')));
  return Number(line);
}

/** The sockets that this process connects from now on until the test ends. */
function watchSockets(t: TestContext): Socket[] {
  const sockets: Socket[] = [];
  const keep = (message: unknown): void => {
    sockets.push((message as { socket: Socket }).socket);
  };
  subscribe('net.client.socket', keep);
  t.after(() => unsubscribe('net.client.socket', keep));
  return sockets;
}

const skip = process.platform !== 'linux' && 'other systems refuse what exceeds the queue';

it('a connection that never comes into being keeps nothing alive after an abort', { skip }, async (t) => {
  const room = await openRoom(t);
  const port = await startFullListener(t);
  const sockets = watchSockets(t);
  const reason = new Error('told to end');
  const download = room.download({ qualysServer: `http://127.0.0.1:${port}` });
  while (sockets.length === 0) await new Promise(setImmediate);
  room.abort.abort(reason);
  // Nothing can have been launched, so that nothing is looked for.
  await assert.rejects(download, (error) => error === reason);
  assert.deepEqual(
    sockets.map(({ destroyed }) => destroyed),
    sockets.map(() => true),
  );
});
