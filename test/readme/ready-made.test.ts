import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { initHere } from '../init/init-here.ts';
import { stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { missing } from '../support/missing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { blocks, page } from './readme.ts';

const SCHEDULING = page('docs/scheduling.md');

const [service = '', timer = '', failed = ''] = blocks('systemd', SCHEDULING);
const [crontab = ''] = blocks('crontab', SCHEDULING);
const [plist = ''] = blocks('xml', SCHEDULING);
const rules = blocks('yaml', SCHEDULING).find((text) => text.includes('groups:')) ?? '';
const [logrotate = ''] = blocks('logrotate', SCHEDULING);

test('the crontab line, here and in the README, is the one that -init prints', async (t) => {
  const directory = await temporaryDirectory(t);
  const said = await initHere([`-init=${directory}`]);
  const printed = /^ +(0 3 .*)$/m.exec(said)?.[1] ?? assert.fail(said);
  const [, , , , , node = '', program = ''] = printed.split(' ');
  assert.equal(
    crontab.trimEnd(),
    printed
      .replace(node, '/usr/bin/node')
      .replace(program, '/usr/local/bin/qualys_connector')
      .replaceAll(directory, '/usr/local/qualys'),
  );
  assert.deepEqual(blocks('crontab', page('README.md')), [crontab]);
});

test(
  'systemd finds nothing wrong with the service and the timer',
  { skip: missing('systemd-analyze') },
  async (t) => {
    const directory = await temporaryDirectory(t);
    const units = {
      'qualys-connector.service': service,
      'qualys-connector.timer': timer,
      'qualys-connector-failed.service': failed,
    };
    for (const [name, text] of Object.entries(units)) {
      assert.match(text, new RegExp(`^# /etc/systemd/system/${name}$`, 'm'));
      // It looks whether the program is there.
      const here = text.replace('/usr/local/bin/qualys_connector', process.execPath);
      await writeFile(join(directory, name), here, { mode: 0o644 });
    }
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', '--recursive-errors=no', ...Object.keys(units)],
      { cwd: directory, encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${directory}:` } },
    );
    assert.equal(stdout + stderr, '');
    assert.equal(status, 0);
  },
);

test("the systemd service's command runs from the credentials that it lists", async (t) => {
  const stage = await stageFor(t);
  const credentials = join(stage.directory, 'credentials');
  const state = join(stage.directory, 'state');
  await mkdir(join(state, 'qualys-connector'), { recursive: true });
  await mkdir(credentials);
  await layOutCredentials(t, stage.files, credentials);
  const command = /^ExecStart=(.*)$/m.exec(service)?.[1] ?? '';
  const { host, port } = stage.managementCenter;
  const words = command
    .replaceAll('%d', credentials)
    .replaceAll('%S', state)
    .replace('-server=10.10.10.10', `-server=${host} -port=${port}`)
    .split(' ');
  const ended = await runHere(t, join(state, 'qualys-connector'), words.slice(1), {
    env: { PKCS12_PASSWORD: undefined, CREDENTIALS_DIRECTORY: credentials },
  });
  assert.equal(ended.code, 0, ended.output);
  // Where systemd grants access by an access control list, the mode shows a readable group.
  assert.doesNotMatch(ended.output, /WARNING/);
  assert.ok(await readFile(join(state, 'qualys-connector', 'summary.json'), 'utf8'));
});

/** What systemd does with each LoadCredential=name:path, with the files that the page says lie there. */
async function layOutCredentials(
  t: TestContext,
  files: Readonly<Record<'yaml' | 'pkcs12' | 'qualysCa', string>>,
  credentials: string,
): Promise<void> {
  const etc = await temporaryDirectory(t);
  const yaml = await readFile(files.yaml, 'utf8');
  await writeFile(
    join(etc, 'QualysGuard.yaml'),
    yaml
      .replace(/^password: .*$/m, (blocks('yaml', SCHEDULING)[0] ?? '').trim())
      .replace('qualys-ca.pem', files.qualysCa),
  );
  await writeFile(join(etc, 'qualys-password'), `${STAGE.password}\n`);
  await copyFile(files.pkcs12, join(etc, 'CertFile.pkcs12'));
  await writeFile(join(etc, 'pkcs12-password'), `${STAGE.pkcs12Password}\n`);
  for (const [, name = '', path = ''] of service.matchAll(/^LoadCredential=([^:]+):(.*)$/gm)) {
    const copy = join(credentials, name);
    await copyFile(path.replace('/etc/qualys-connector', etc), copy);
    await chmod(copy, 0o440);
  }
}

test('the launchd job is well-formed XML', { skip: missing('xmlwf', '-v') }, async (t) => {
  const file = join(await temporaryDirectory(t), 'qualys-connector.plist');
  await writeFile(file, plist);
  const { status, stdout } = spawnSync('xmlwf', [file], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test("the launchd job's command is the one of the crontab", () => {
  const { plist: root } = new XMLParser().parse(plist) as { plist: { dict: Record<string, unknown> } };
  const { key, array } = root.dict as { key: string[]; array: { string: string[] } };
  assert.deepEqual(
    new Set(key),
    new Set(['Label', 'ProgramArguments', 'WorkingDirectory', 'StartCalendarInterval', 'StandardErrorPath']),
  );
  assert.deepEqual(array.string.slice(1), crontab.trim().split(' ').slice(6));
});

test('logrotate understands its file', { skip: missing('logrotate') }, async (t) => {
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'qualys-connector');
  const log = join(directory, 'connector.log');
  await writeFile(log, 'a line\n');
  await writeFile(file, logrotate.replaceAll('/var/log/qualys-connector', directory), { mode: 0o644 });
  const { status, stdout, stderr } = spawnSync(
    'logrotate',
    ['-d', '-f', '-s', join(directory, 'state'), file],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  assert.match(stdout + stderr, /connector\.log/);
  assert.doesNotMatch(stdout + stderr, /^error:/m);
});

test('the pattern of logrotate finds a run with that log file, and no shell that started it', () => {
  const [, pattern = ''] = /pkill -HUP -f '([^']*)'/.exec(logrotate) ?? [];
  const run = `/usr/bin/node ${crontab.trim().split(' ').slice(6).join(' ')}`.replace(
    '/usr/local/qualys/connector.log',
    '/var/log/qualys-connector/connector.log',
  );
  assert.ok(finds(pattern, run));
  assert.ok(!finds(pattern, `/bin/sh -c ${run}`));
  assert.ok(!finds(pattern, '/usr/bin/node /usr/local/bin/qualys_connector -server=10.10.10.10'));
});

/** By grep -E, which reads patterns as pkill does. */
function finds(pattern: string, line: string): boolean {
  return spawnSync('grep', ['-Eq', '--', pattern], { input: line }).status === 0;
}

test('promtool finds nothing wrong with the alerts', { skip: missing('promtool') }, async (t) => {
  const file = join(await temporaryDirectory(t), 'rules.yml');
  await writeFile(file, rules);
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', '--lint-fatal', file], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /SUCCESS: 3 rules found/);
});

test('the alerts and the page name metrics that there are', async () => {
  const names = new Set(
    page('docs/scheduling.md')
      .match(/qualys_connector_\w+/g)
      ?.filter((name) => /_(seconds|code|hosts|findings)$/.test(name)),
  );
  const source = await readFile(join(CHECKOUT, 'src', 'metrics', 'metrics.ts'), 'utf8');
  assert.ok(names.size > 6);
  for (const name of names) {
    assert.ok(source.includes(`}${name.replace('qualys_connector_', '')}`), name);
  }
});
