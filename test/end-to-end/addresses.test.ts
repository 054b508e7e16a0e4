import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test, type TestContext } from 'node:test';
import { commandFile } from '../support/command-file.ts';
import { stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

const loopback = Object.entries(networkInterfaces()).find(([, addresses]) =>
  addresses?.some(({ address }) => address === '::1'),
)?.[0];
const skip = loopback === undefined && 'this machine has no IPv6 on its loopback';

for (const server of ['::1', '[::1]', '0:0:0:0:0:0:0:1', `::1%${loopback ?? ''}`]) {
  for (const ipv6 of [[], ['-ipv6']]) {
    test(`-server=${server} ${ipv6.join('')} reaches a Management Center on IPv6`, { skip }, async (t) => {
      const stage = await stageFor(t, { managementCenter: { host: '::1' } });
      const args = [`-server=${server}`, ...stage.toServer.slice(1, 3), ...ipv6];
      const ended = await runHere(t, stage.directory, [...args, ...(await commandFile(stage.directory, 2))]);
      assert.equal(ended.code, 0, ended.output);
      await stage.managementCenter.settled();
      assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 2);
    });
  }
}

test('a name with both kinds of address is reached on IPv4, with -ipv6 on IPv6 only', { skip }, async (t) => {
  const stage = await stageFor(t, {});
  const args = ['-server=localhost', ...stage.toServer.slice(1, 3), '-retries=0'];
  const file = await commandFile(stage.directory, 2);
  const plain = await runHere(t, stage.directory, [...args, ...file]);
  assert.equal(plain.code, 0, plain.output);
  const six = await runHere(t, stage.directory, [...args, '-ipv6', ...file]);
  assert.equal(six.code, 1, six.output);
  assert.match(six.stdout, /connection was refused|no IPv6 address/);
});

test('-ipv6 with an IPv4 address is refused before anything is contacted', async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, [...stage.toServer, '-ipv6']);
  assert.equal(ended.code, 2, ended.output);
  assert.match(ended.output, /\[QC\d{4}\]/);
  assert.equal(stage.managementCenter.connections.length, 0);
});

/** A port whose queue of connections is full: the kernel drops what else comes, as a firewall does. */
async function fullPort(t: TestContext): Promise<number> {
  const listener = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    process.stdout.write(String(this.address().port)); })`;
  const child = spawn(process.execPath, ['-e', listener], { stdio: ['ignore', 'pipe', 'inherit'] });
  const queue: Socket[] = [];
  t.after(() => {
    for (const socket of queue) socket.destroy();
    child.kill('SIGKILL');
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  // Stopped, it accepts nothing any more.
  child.kill('SIGSTOP');
  for (let index = 0; index < 8; index++) {
    queue.push(connect(Number(String(port)), '127.0.0.1').on('error', () => undefined));
  }
  await Promise.all(queue.slice(0, 2).map((socket) => once(socket, 'connect')));
  return Number(String(port));
}

test(
  'an address that drops what is sent to it is told within -connecttimeout',
  { skip: process.platform !== 'linux' && 'other systems refuse instead of dropping' },
  async (t) => {
    const stage = await stageFor(t);
    const port = await fullPort(t);
    const ended = await runHere(t, stage.directory, [
      '-server=127.0.0.1',
      `-port=${port}`,
      stage.toServer[2] ?? '',
      stage.plugininfo,
      '-connecttimeout=1',
    ]);
    assert.equal(ended.code, 1, ended.output);
    assert.match(
      ended.stdout,
      new RegExp(
        `Can not Connect to Server: '127.0.0.1' on port '${port}' : nothing answered within 1 s.*QC5105`,
      ),
    );
    assert.equal(stage.qualys.transcript.length, 0);
  },
);
