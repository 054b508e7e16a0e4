import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { STAGE } from '../../src/simulators/stage.ts';
import { startSystemLog } from '../log/rsyslogd.ts';
import { startPlainProxy } from '../support/plain-proxy.ts';
import { connector, stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

const PROXY = { user: 'proxy_user1', password: 'proxy@pass/word:1' };
const PKCS12 = { onCommandLine: STAGE.pkcs12Password };

/** Each secret as it is, and as it travels. */
const SECRETS = [
  ...[STAGE.password, PROXY.password, PKCS12.onCommandLine].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ]),
  Buffer.from(`${STAGE.user}:${STAGE.password}`).toString('base64'),
  Buffer.from(`${PROXY.user}:${PROXY.password}`).toString('base64'),
];

function showsNone(where: string, seen: string): void {
  for (const secret of SECRETS) assert.ok(!seen.includes(secret), `${where} shows ${secret}: ${seen}`);
}

/** The words of a process and of all that it started, as everybody on the host sees them. */
function processList(pid: number): string {
  const parents = new Map<string, string>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOr(`/proc/${name}/stat`);
    parents.set(name, stat.slice(stat.lastIndexOf(')')).split(' ')[2] ?? '');
  }
  const listed = (process: string): string[] => {
    const children = [...parents.keys()].filter((name) => parents.get(name) === process);
    return [readOr(`/proc/${process}/cmdline`).replaceAll('\0', ' '), ...children.flatMap(listed)];
  };
  return listed(String(pid)).join('\n');
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process has just ended.
    return '';
  }
}

async function stageWithProxy(t: TestContext): Promise<TestStage & { connects: string[] }> {
  const proxy = await startPlainProxy(t);
  const yaml = [
    `proxy: http://127.0.0.1:${proxy.port}`,
    `proxy_user: ${PROXY.user}`,
    `proxy_password: '${PROXY.password}'`,
  ];
  return { ...(await stageFor(t, { yaml })), connects: proxy.connects };
}

test(
  'three secrets at once show nowhere: output, logs, summary, files, requests, process list',
  { timeout: 60_000 },
  async (t) => {
    const stage = await stageWithProxy(t);
    const system = await startSystemLog(t);
    const [work, spool] = [join(stage.directory, 'work'), join(stage.directory, 'tmp')];
    await mkdir(work);
    await mkdir(spool);
    const lists: string[] = [];
    let child: ChildProcess | undefined;
    stage.qualys.events.on('request', () => {
      if (existsSync('/proc/self/cmdline')) lists.push(processList(child?.pid ?? 0));
      lists.push(readdirSync(spool, { recursive: true }).join('\n'));
    });
    const ended = await connector(
      [
        ...stage.toServer,
        ...['-level=3', `-password=${PKCS12.onCommandLine}`, '-stderr', '-logfile=connector.log'],
        ...['-summary=summary.json', ...(system ? ['-syslog'] : [])],
      ],
      {
        cwd: work,
        env: { TMPDIR: spool, ...(system && { QUALYS_CONNECTOR_SYSLOG_SOCKET: system.socket }) },
        meanwhile: (started) => {
          child = started;
        },
      },
    );
    const messages = (await system?.stop()) ?? [];
    assert.equal(ended.code, 0, ended.output);
    assert.ok(stage.connects.length > 0, 'the proxy was not used');
    showsNone('the output', ended.output);
    showsNone('the system log', messages.join('\n'));
    showsNone('the requests', JSON.stringify(stage.qualys.transcript.map(({ url, body }) => [url, body])));
    showsNone('the list of processes or of spooled files', lists.join('\n'));
    for (const name of await readdir(work)) {
      showsNone(name, name + (await readFile(join(work, name), 'utf8')));
    }
    assert.match(ended.stderr, /- password: \*\*\*/);
  },
);

test('nor do they show when each of them is refused, or in -test', { timeout: 60_000 }, async (t) => {
  const stage = await stageWithProxy(t);
  const level3 = [...stage.toServer, '-level=3'];
  const run = (words: readonly string[], env = {}) => runHere(t, stage.directory, words, { env });
  const wrongFile = await run([...level3, `-password=${STAGE.password}`]);
  assert.equal(wrongFile.code, 2);
  showsNone('a refused certificate password', wrongFile.output);
  const wrongLogin = await run(level3, { QUALYS_PASSWORD: PROXY.password });
  assert.equal(wrongLogin.code, 2);
  showsNone('a refused login', wrongLogin.output);
  await stage.qualys.close();
  const noServer = await run([...level3, '-test'], { QUALYS_PASSWORD: STAGE.password });
  assert.equal(noServer.code, 2);
  showsNone('-test', noServer.output);
});

test('the password on the command line is gone from the process list when the run says its first word', async (t) => {
  if (!existsSync('/proc/self/cmdline')) {
    t.skip('no /proc here');
    return;
  }
  const stage = await stageFor(t, { managementCenter: { faults: () => ({ does: 'silence' }) } });
  let seen = '';
  await connector([...stage.toServer, '-pa', PKCS12.onCommandLine], {
    meanwhile: (child) => {
      child.stdout?.once('data', () => {
        seen = processList(child.pid ?? 0);
        child.kill('SIGKILL');
      });
    },
  });
  assert.match(seen, /-pa \*\*\*/);
  showsNone('the process list', seen);
});
