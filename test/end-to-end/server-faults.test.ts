import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Fault, Moment } from '../../src/simulators/management-center/faults.ts';
import type { ManagementCenterSimulatorOptions } from '../../src/simulators/management-center/simulator.ts';
import { commandFile } from '../support/command-file.ts';
import { connector, stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { tcpServer } from '../support/local-tls-server.ts';

const HOSTS = 6;

interface Case {
  readonly name: string;
  /** What goes wrong while the version is awaited: on the first connection, before anything is read. */
  readonly atVersion?: Fault;
  /** What goes wrong with the second block of the connection that sends. */
  readonly atBlock?: Fault;
  readonly server?: Partial<ManagementCenterSimulatorOptions>;
  readonly code: number;
  readonly says: RegExp;
}

const text = (says: string): Buffer => Buffer.from(says);

const CASES: readonly Case[] = [
  {
    name: 'closes before reading anything',
    atVersion: { does: 'close', afterBytes: 0 },
    code: 1,
    says: /did not accept this client.*\[QC5150\]/,
  },
  {
    name: 'closes after the version',
    atVersion: { does: 'close' },
    code: 1,
    says: /did not accept this client.*address translation.*\[QC5150\]/,
  },
  {
    name: 'resets after the version',
    atVersion: { does: 'reset' },
    code: 1,
    says: /did not accept this client.*\[QC5150\]/,
  },
  {
    name: 'refuses the version with an error message',
    atVersion: { does: 'error', text: 'no such client' },
    code: 1,
    says: /refused the session: no such client\..*\[QC5503\]/,
  },
  {
    name: 'never answers the version',
    atVersion: { does: 'silence' },
    code: 1,
    says: /no answer within 1 seconds.*\[QC\d+\]/,
  },
  {
    name: 'begins an answer and never ends it',
    atVersion: { does: 'answer', upTo: { bytes: 11, then: 'silence' } },
    code: 1,
    says: /no answer within 1 seconds.*\[QC\d+\]/,
  },
  {
    name: 'answers the version with a web page',
    atVersion: { does: 'raw', bytes: text('HTTP/1.1 400 Bad Request\r\n\r\n') },
    code: 1,
    says: /\[QC5502\]/,
  },
  {
    name: 'answers the version with a maximum in letters',
    atVersion: {
      does: 'raw',
      bytes: Buffer.concat([Buffer.from('0000000100000006', 'hex'), text('524288')]),
    },
    code: 1,
    says: /a message of type 1 with 6 bytes.*\[QC5502\]/,
  },
  { name: 'takes 0 bytes', server: { maximumSize: 0 }, code: 1, says: /\[QC5501\]/ },
  { name: 'takes 16 bytes', server: { maximumSize: 16 }, code: 1, says: /\[QC5501\]/ },
  { name: 'takes 2^32-1 bytes', server: { maximumSize: 2 ** 32 - 1 }, code: 0, says: /Processing Complete/ },
  { name: 'speaks TLS 1.2 only', server: { maxVersion: 'TLSv1.2' }, code: 0, says: /Processing Complete/ },
  {
    name: 'closes after a block',
    atBlock: { does: 'close' },
    code: 1,
    says: /Not everything was delivered: 1 hosts are in, 5 are not/,
  },
  {
    name: 'carries a block out and closes before its reply',
    atBlock: { does: 'close', applied: true },
    code: 1,
    says: /Not everything was delivered: 1 hosts are in, 5 are not/,
  },
  {
    name: 'resets after a block',
    atBlock: { does: 'reset' },
    code: 1,
    says: /Not everything was delivered: 1 hosts are in, 5 are not/,
  },
  {
    name: 'never replies to a block',
    atBlock: { does: 'silence' },
    code: 1,
    says: /1 hosts are in, 5 are not.*no answer within 1 seconds/,
  },
  {
    name: 'begins a reply and never ends it',
    atBlock: { does: 'answer', upTo: { bytes: 20, then: 'silence' } },
    code: 1,
    says: /1 hosts are in, 5 are not.*no answer within 1 seconds/,
  },
  {
    name: 'answers a block with an error message',
    atBlock: { does: 'error', text: 'database is down' },
    code: 1,
    says: /refused the commands: database is down/,
  },
  {
    name: 'answers a block with garbage',
    atBlock: { does: 'raw', bytes: text('HTTP/1.1 400 Bad Request\r\n\r\n') },
    code: 1,
    says: /1 hosts are in, 5 are not/,
  },
  {
    name: 'replies byte by byte',
    atBlock: { does: 'answer', pieces: 'byte by byte' },
    code: 0,
    says: /hosts delivered +6/,
  },
  {
    name: 'splits the header of a reply',
    atBlock: { does: 'answer', pieces: 'split header' },
    code: 0,
    says: /hosts delivered +6/,
  },
  {
    name: 'replies twice in one record',
    atBlock: { does: 'answer', pieces: 'twice in one record' },
    code: 3,
    says: /complains: a further reply: .*hosts delivered +6/s,
  },
  {
    name: 'complains at 40 kB length',
    atBlock: {
      does: 'answer',
      text: `${'something is wrong here\n'.repeat(1700)}Done processing 4 commands.\n`,
    },
    code: 3,
    says: /complains: something is wrong here/,
  },
  {
    name: 'replies with another text alone',
    atBlock: { does: 'answer', text: 'what was that?\n' },
    code: 3,
    says: /complains: what was that\?/,
  },
  {
    name: 'replies with an empty text',
    atBlock: { does: 'answer', text: '' },
    code: 0,
    says: /hosts delivered +6/,
  },
];

const PATIENCE = ['-retries=0', '-connecttimeout=20', '-handshaketimeout=20', '-replytimeout=20'];
const IMPATIENCE = ['-retries=0', '-connecttimeout=20', '-handshaketimeout=1', '-replytimeout=1'];

for (const [index, { name, atVersion, atBlock, server, code, says }] of CASES.entries()) {
  // Through the real command the one exit code that no other test sees of it; the others need no process of their own.
  const throughCommand = code === 3 && CASES.findIndex((other) => other.code === code) === index;
  test(`a Management Center that ${name}: exit code ${code}`, async (t) => {
    const faults = ({ connection, block }: Moment): Fault | undefined => {
      if (block === 0) return connection === 1 ? atVersion : undefined;
      return block === 2 ? atBlock : undefined;
    };
    // Two hosts fit into no block: each host is one.
    const small = atBlock ? { maximumSize: 300 } : {};
    const stage = await stageFor(t, { managementCenter: { ...small, ...server, faults } });
    const silent = [atVersion, atBlock].some((fault) => JSON.stringify(fault ?? '').includes('silence'));
    const garbage = atBlock?.does === 'raw';
    const words = [
      ...stage.toServer.slice(0, 3),
      ...(silent || garbage ? IMPATIENCE : PATIENCE),
      ...(await commandFile(stage.directory, HOSTS)),
    ];
    const ended = throughCommand
      ? await connector(words, { cwd: stage.directory })
      : await runHere(t, stage.directory, words);
    assert.equal(ended.code, code, ended.stdout);
    assert.match(ended.stdout, says);
    assert.doesNotMatch(ended.stdout, /\n\s+at /);
    assert.equal(ended.stderr, '');
    await keepsWhatIsNotIn(stage.directory, ended.stdout, code === 1 && atBlock !== undefined);
  });
}

/** The file of what is not in, whose path ends the log: it holds five of the six hosts, the source first. */
async function keepsWhatIsNotIn(directory: string, stdout: string, expected: boolean): Promise<void> {
  const kept = (await readdir(directory)).filter((name) => name.startsWith('Unsent_'));
  assert.equal(kept.length, expected ? 1 : 0, kept.join());
  if (!expected) return;
  const last =
    /\[ERROR\] What is not delivered was kept in (\/.*) \[QC5507\]$/.exec(
      stdout.trimEnd().split('\n').at(-1) ?? '',
    )?.[1] ?? '';
  const lines = (await readFile(last, 'utf8')).split('\n');
  assert.match(lines[0] ?? '', /^SetSource,/);
  assert.equal(lines.filter((line) => line === 'ScanFlush').length, 5);
}

test('a server that dribbles through the TLS handshake is given up after -handshaketimeout', async (t) => {
  const stage = await stageFor(t);
  const { port } = await tcpServer(t, (socket) => {
    // The beginning of a handshake record of 16 kB, and then byte after byte of it.
    socket.write(Buffer.from('1603034000', 'hex'));
    const dribble = setInterval(() => socket.write('\u0002'), 20);
    socket.once('close', () => {
      clearInterval(dribble);
    });
  });
  const [server = '', , ...rest] = stage.toServer;
  const ended = await runHere(t, stage.directory, [server, `-port=${port}`, ...rest, '-handshaketimeout=1']);
  assert.equal(ended.code, 1, ended.output);
  assert.match(ended.stdout, /did not finish the TLS handshake within 1 s.*-handshaketimeout=.*\[QC5106\]/);
  assert.equal(stage.qualys.transcript.length, 0);
});
