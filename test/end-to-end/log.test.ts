import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { STAGE } from '../../src/simulators/stage.ts';
import { startSystemLog } from '../log/rsyslogd.ts';
import { entryXml, hostXml, reportXml } from '../support/asset-report.ts';
import { commandFile } from '../support/command-file.ts';
import {
  connector,
  type ConnectorOptions,
  programPath,
  stageFor,
  type TestStage,
} from '../support/connector.ts';
import { tcpServer } from '../support/local-tls-server.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { numbers } from '../support/units.ts';

const LINE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \[(?:ERROR|WARNING|INFO|DEBUG)\] ./;

function linesOf(output: string): string[] {
  return output.split('\n').slice(0, -1);
}

async function reportOf(stage: TestStage, hosts: number): Promise<string> {
  const path = join(stage.directory, 'report.xml');
  const list = numbers(1, hosts).map((n) =>
    hostXml(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, [
      { qid: 1 },
      { qid: 2, port: 443, protocol: 'tcp' },
    ]),
  );
  await writeFile(path, reportXml(list, [entryXml({ qid: 1 }), entryXml({ qid: 2 })]));
  return `-report=${path}`;
}

test('at level 2 a run of 300 hosts logs tens of lines', async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, [...stage.toServer, await reportOf(stage, 300)]);
  assert.equal(ended.code, 0, ended.output);
  assert.match(ended.stdout, /hosts delivered +300\n/);
  const lines = linesOf(ended.output);
  assert.ok(lines.length < 40, `${lines.length} lines`);
  for (const line of lines) assert.match(line, LINE);
});

test('at level 3 every host and every vulnerability that is imported is logged, with the caller', async (t) => {
  const stage = await stageFor(t);
  const ended = await runHere(t, stage.directory, [...stage.toServer, await reportOf(stage, 50), '-level=3']);
  assert.equal(ended.code, 0, ended.output);
  const lines = linesOf(ended.stdout);
  for (const line of lines) assert.match(line, /^.{24} \[[A-Z]+\] .* \[[\w/-]+\.ts,\d+\]$/);
  assert.equal(lines.filter((line) => /Host 10\.0\.\d+\.\d+: 2 findings imported/.test(line)).length, 50);
  assert.equal(lines.filter((line) => /Host 10\.0\.\d+\.\d+: QID [12] "/.test(line)).length, 100);
});

test('at level 3 the run begins with its options, one a line, secrets as stars', async (t) => {
  const stage = await stageFor(t, { hosts: 1 });
  const ended = await runHere(t, stage.directory, [
    ...stage.toServer,
    '-level=3',
    `-password=${STAGE.pkcs12Password}`,
  ]);
  const lines = linesOf(ended.stdout).map((line) => line.replace(/^.{24} \[DEBUG\] | \[[^[]*$/g, ''));
  const end = lines.findIndex((line, index) => index > 0 && !line.startsWith('- '));
  const block = lines.slice(0, end);
  assert.equal(block[0], 'Command Options:');
  assert.ok(block.slice(1).every((line) => /^- \w+: ./.test(line)));
  for (const line of ['- plugin: QualysGuard', '- level: 3', '- password: ***', '- server: 127.0.0.1']) {
    assert.ok(block.includes(line), `${line} is missing in ${block.join('\n')}`);
  }
});

test('levels 0 and 1 are silent when all is well; the level of a message decides', async (t) => {
  const stage = await stageFor(t, { hosts: 1 });
  const quiet = await runHere(t, stage.directory, [...stage.toServer, '-level=1']);
  assert.deepEqual([quiet.code, quiet.output], [0, '']);
  const warned = await runHere(t, stage.directory, [...stage.toServer, '-level=1', '-insecure']);
  assert.match(warned.stdout, /^.{24} \[WARNING\] [^\n]*\n$/);
  const failing = await runHere(t, stage.directory, [
    ...stage.toServer,
    '-level=0',
    '-insecure',
    '-password=wrong',
  ]);
  assert.match(failing.stdout, /^.{24} \[ERROR\] [^\n]*\n$/);
});

/** A run that costs little: of commands to a file, in a process of its own. */
async function copying(t: TestContext, ...more: readonly string[]) {
  const directory = await temporaryDirectory(t);
  const words = ['-csvfile=o.csv', ...(await commandFile(directory, 1)), ...more];
  return {
    directory,
    run: (options: ConnectorOptions, ...further: readonly string[]) =>
      connector([...words, ...further], { cwd: directory, ...options }),
  };
}

test('a sink that is chosen replaces standard output; several get the same lines', async (t) => {
  const { directory, run } = await copying(t, '-logfile=logs/connector.log');
  const file = join(directory, 'logs', 'connector.log');
  const onlyFile = await run({});
  assert.deepEqual([onlyFile.code, onlyFile.output], [0, '']);
  const first = await readFile(file, 'utf8');
  assert.match(first, /Processing Complete\n$/);
  const both = await run({}, '-stderr');
  assert.equal(both.stdout, '');
  assert.match(both.stderr, /Processing Complete\n$/);
  assert.equal(await readFile(file, 'utf8'), first + both.stderr);
});

test('why a run failed also goes to standard error when the log goes to a file, so that cron mails it', async (t) => {
  const { directory, run } = await copying(t, '-logfile=connector.log');
  await rm(join(directory, 'commands.csv'));
  const failed = await run({});
  assert.equal(failed.code, 2, failed.output);
  assert.equal(failed.stdout, '');
  assert.match(failed.stderr, /^[^\n]*commands\.csv[^\n]* \[QC\d{4}\]\n$/);
  assert.ok((await readFile(join(directory, 'connector.log'), 'utf8')).includes(`[ERROR] ${failed.stderr}`));
});

test('that a signal was heard, and how the run ends, goes to standard error when the log goes to a file', async (t) => {
  const { port } = await tcpServer(t, () => child?.kill('SIGINT'));
  let child: ChildProcess | undefined;
  const stage = await stageFor(t);
  const [server = '', , pkcs12 = ''] = stage.toServer;
  const commands = await commandFile(stage.directory, 1);
  const words = [server, `-port=${port}`, pkcs12, '-logfile=connector.log', ...commands];
  const { code, stdout, stderr } = await connector(words, {
    cwd: stage.directory,
    meanwhile: (started) => {
      child = started;
    },
  });
  assert.deepEqual([code, stdout], [130, '']);
  assert.match(stderr, /^SIGINT: ending in order; once more to end at once\n[^\n]* \[QC7101\]\n$/);
});

test('as JSON the log and the summary tell code, address and port of what failed', async (t) => {
  const stage = await stageFor(t, { hosts: 1 });
  await stage.managementCenter.close();
  const summary = join(stage.directory, 'summary.json');
  const args = [...stage.toServer, '-logformat=json', `-summary=${summary}`];
  const { stdout } = await runHere(t, stage.directory, args);
  const records = linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
  const { code, address, port } = records.find(({ event }) => event === 'run.failed') ?? {};
  assert.deepEqual([code, address, port], ['QC5103', '127.0.0.1', stage.managementCenter.port]);
  const { error } = JSON.parse(await readFile(summary, 'utf8')) as { error: Record<string, unknown> };
  assert.deepEqual([error.code, error.address, error.port], [code, address, port]);
});

test('-syslog, -stderr and -logfile together: three times the same', { timeout: 60_000 }, async (t) => {
  const system = await startSystemLog(t);
  if (system === undefined) {
    t.skip('no rsyslogd is installed here');
    return;
  }
  const { directory, run } = await copying(t, '-syslog', '-stderr', '-logfile=connector.log', '-force');
  const file = join(directory, 'connector.log');
  await appendFile(join(directory, 'commands.csv'), 'Nonsense,1\n');
  const ended = await run({ env: { QUALYS_CONNECTOR_SYSLOG_SOCKET: system.socket } });
  const lines = linesOf(ended.stderr);
  await system.arrived(lines.length);
  const messages = await system.stop();
  assert.deepEqual([ended.code, ended.stdout], [0, '']);
  assert.equal(await readFile(file, 'utf8'), ended.stderr);
  assert.equal(messages.length, lines.length);
  assert.match(ended.stderr, /\[WARNING\]/);
  const severities = { INFO: 'info', WARNING: 'warning' } as const;
  for (const [index, line] of lines.entries()) {
    const [, said = '', level = ''] = /^.{24} (\[(\w+)\] .*)$/.exec(line) ?? [];
    const [facility, severity, name, pid, ...rest] = (messages[index] ?? '').split('|');
    assert.deepEqual([facility, severity, name], ['user', severities[level as 'INFO'], 'csv']);
    assert.match(pid ?? '', /^\d+$/);
    assert.equal(rest.join('|').trim(), said.trim());
  }
});

test('a log file that cannot be written is an error before any work', async (t) => {
  const stage = await stageFor(t);
  const ended = await connector([...stage.toServer, `-logfile=${stage.files.yaml}/connector.log`]);
  assert.notEqual(ended.code, 0);
  assert.match(ended.stderr, /\[QC\d{4}\]\n$/);
  assert.equal(stage.managementCenter.connections.length + stage.qualys.transcript.length, 0);
});

test(
  'rename and SIGHUP in the middle of a run lose no line, and the run goes on',
  { timeout: 60_000 },
  async (t) => {
    const directory = await temporaryDirectory(t);
    const file = join(directory, 'connector.log');
    let child: ChildProcess | undefined;
    const stage = await stageFor(t, {
      managementCenter: {
        faults: ({ connection, block }) => {
          if (connection > 1 || block > 0) return undefined;
          renameSync(file, `${file}.1`);
          child?.kill('SIGHUP');
          return undefined;
        },
      },
    });
    const words = [...stage.toServer.slice(0, 3), '-stderr', `-logfile=${file}`];
    const ended = await connector([...words, ...(await commandFile(directory, 1))], {
      meanwhile: (started) => {
        child = started;
      },
    });
    assert.equal(ended.code, 0, ended.output);
    const [before, after] = [await readFile(`${file}.1`, 'utf8'), await readFile(file, 'utf8')];
    assert.match(before, /Connecting to Management Center/);
    assert.match(after, /Processing Complete\n$/);
    assert.equal(before + after, ended.stderr);
  },
);

test('with an empty environment and no terminal, as under cron: not one control character', async (t) => {
  const stage = await stageFor(t);
  const password = join(stage.directory, 'password');
  await writeFile(password, `${STAGE.pkcs12Password}\n`, { mode: 0o600 });
  const words = [programPath(), ...stage.toServer, `-passwordfile=${password}`];
  const child = spawn(process.execPath, words, { env: {}, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  assert.equal(code, 0, stdout + stderr);
  assert.equal(stderr, '');
  for (const line of linesOf(stdout)) assert.match(line, /^[\x20-\x7e]+$/);
  assert.match(stdout, /Processing Complete\n$/);
});

test('the waits for a lost connection are told, and the file of what is not in is the last line', async (t) => {
  const stage = await stageFor(t, {
    managementCenter: {
      faults: ({ connection, block }) => (connection > 1 && block > 0 ? { does: 'reset' } : undefined),
    },
  });
  const file = await commandFile(stage.directory, 3);
  const ended = await runHere(t, stage.directory, [...stage.toServer.slice(0, 3), '-retries=1', ...file]);
  assert.equal(ended.code, 1, ended.output);
  assert.equal(ended.stdout.match(/Trying again in 1 s \(1 of 1\)\./g)?.length, 1);
  assert.match(
    linesOf(ended.stdout).at(-1) ?? '',
    /^.{24} \[ERROR\] What is not delivered was kept in \/.*\/Unsent_\w+\.csv \[QC5507\]$/,
  );
});
