import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { suite, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import { load } from 'js-yaml';
import { makeServerCertificate } from '../../src/simulators/certificates.ts';
import { startQualysSimulator } from '../../src/simulators/qualys/qualys-simulator.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { commandOnTerminal, type Typing } from '../cli/on-terminal.ts';
import { certificates } from '../support/certificates.ts';
import { programPath, stageFor, type TestStage } from '../support/connector.ts';
import { missing } from '../support/missing.ts';
import { startPlainProxy, tunnel } from '../support/plain-proxy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const LIMIT = { timeout: 90_000 };
const run = promisify(execFile);

/** Runs -init on a real terminal, then tells whether that is as it was. */
function initOn(
  t: TestContext,
  directory: string,
  typings: readonly Typing[],
  { env = {}, cwd, columns = 80 }: { env?: NodeJS.ProcessEnv; cwd?: string; columns?: number } = {},
): Promise<string | undefined> {
  const shell = `stty cols ${columns}; echo "pid $$"; "$@"; echo "ended $?"; stty -a`;
  const command = ['sh', '-c', shell, 'sh', process.execPath, programPath(), `-init=${directory}`];
  return commandOnTerminal(t, command, { PATH: process.env.PATH, SHELL: '/bin/bash', ...env }, typings, cwd);
}

function isAsBefore(shown: string): boolean {
  const state = shown.slice(shown.lastIndexOf('ended '));
  return /[^-]icanon/.test(state) && /[^-]isig/.test(state) && /[^-]echo /.test(state);
}

/** What leads from an empty folder to the simulated servers, with all that can be written. */
function wayTo(stage: TestStage): Typing[] {
  const { host, port } = stage.managementCenter;
  return [
    { after: 'by commas) [none]: ', keys: `${host}:${port}\r` },
    { after: 'Certificate file [', keys: '\r' },
    { after: '[another file]: ', keys: `${STAGE.pkcs12Password}\r` },
    { after: 'Log in at Qualys as [1]: ', keys: '\r' },
    { after: 'User name at Qualys [later]: ', keys: `${STAGE.user}\r` },
    { after: '(not shown) [later]: ', keys: `${STAGE.password}\r` },
    { after: 'or find [1]: ', keys: `${stage.qualys.url}\r` },
    { after: 'Hosts and findings come from [1]: ', keys: '\r' },
    { after: 'Id of the template [424242]: ', keys: '\r' },
    { after: 'does not know yet [n]: ', keys: 'y\r' },
    { after: 'or none) [', keys: '1,2,3,4,5\r' },
    { after: 'Every night at [03:00]: ', keys: '2:30\r' },
    { after: 'Write it [y]: ', keys: '\r' },
    { after: 'Test it now (nothing is imported) [y]: ', keys: '\r' },
  ];
}

suite('-init on a real terminal', () => {
  test(
    'leads from an empty folder to the first delivery, with files that their own checkers accept',
    LIMIT,
    async (t) => {
      const stage = await stageFor(t);
      const home = await temporaryDirectory(t);
      await copyFile(stage.files.pkcs12, join(home, 'fmc.pkcs12'));
      const directory = join(home, "it's 100% mine");
      const env = { NODE_EXTRA_CA_CERTS: stage.files.qualysCa };
      const shown = await initOn(t, directory, wayTo(stage), { env, cwd: home });
      if (shown === undefined) return;
      assert.match(shown, /ready[^\n]*\r\nended 0\r\n/);
      assert.ok(!shown.includes(STAGE.password) && !shown.includes(STAGE.pkcs12Password), shown);
      assert.ok(isAsBefore(shown), shown);
      const at = (name: string): string => join(directory, name);

      await t.test('crontab', { skip: missing('crontab', '-V') }, () => {
        const { status, stderr } = spawnSync('crontab', ['-n', at('crontab')], { encoding: 'utf8' });
        assert.equal(status, 0, stderr);
      });
      await t.test('its line delivers all hosts', async () => {
        const line = (await readFile(at('crontab'), 'utf8')).trim();
        assert.match(line, /^30 2 \* \* \* /);
        // As cron does: \% is a %.
        const command = line.split(' ').slice(5).join(' ').replaceAll('\\%', '%');
        await run('/bin/sh', ['-c', command], { cwd: '/', env });
        assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 50);
        assert.ok(existsSync(at('last-night.html')) && existsSync(at('connector.log')));
      });
      await t.test('systemd', { skip: missing('systemd-analyze') }, () => {
        const units = ['qualys-connector.service', 'qualys-connector.timer'].map(at);
        const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
        assert.equal(status, 0, stderr);
        assert.equal(stderr, '');
      });
      await t.test('logrotate', { skip: missing('logrotate') }, async () => {
        const file = at('qualys-connector.logrotate');
        await chmod(file, 0o644);
        const { status, stderr } = spawnSync('logrotate', ['-d', file], { encoding: 'utf8' });
        assert.equal(status, 0, stderr);
        assert.doesNotMatch(stderr, /error/);
        assert.ok(stderr.includes(`considering log ${at('connector.log')}`), stderr);
      });
      await t.test('bash', { skip: missing('bash') }, () => {
        assert.equal(spawnSync('bash', ['-n', at('qualys_connector.bash')]).status, 0);
      });
      await t.test('zsh', { skip: missing('zsh') }, () => {
        assert.equal(spawnSync('zsh', ['-n', at('_qualys_connector')]).status, 0);
      });
      await t.test('the schema beside the YAML', async () => {
        const schema = await readFile(at('InputPlugins/QualysGuard.schema.json'), 'utf8');
        const validate = new Ajv().compile(JSON.parse(schema) as object);
        const yaml = load(await readFile(at('InputPlugins/QualysGuard.yaml'), 'utf8'));
        assert.ok(validate(yaml), JSON.stringify(validate.errors));
      });
    },
  );

  test(
    'lists several Management Centers, and changes nothing the next time by Enter alone',
    LIMIT,
    async (t) => {
      const stage = await stageFor(t);
      const home = await temporaryDirectory(t);
      const directory = join(home, "it's mine");
      const file = `${directory}/CertFile`;
      const env = { NODE_EXTRA_CA_CERTS: stage.files.qualysCa };
      const [server, certificate, password, login, ...others] = wayTo(stage);
      assert.ok(server && certificate && password && login);
      const own = { ...certificate, keys: `${stage.files.pkcs12}\r` };
      const typings = [
        { ...server, keys: '10.0.0.1, [2001:db8::1]:8308\r' },
        ...[own, password, own, password, login, ...others].map((typing) =>
          typing.after.startsWith('Certificate') ? { ...typing, after: 'Certificate file of' } : typing,
        ),
      ].map((typing) => (typing.after.startsWith('Test it') ? { ...typing, keys: 'n\r' } : typing));
      const first = await initOn(t, directory, typings, { env, cwd: home });
      if (first === undefined) return;
      assert.match(first, /ended 0\r\n/);
      const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
      const before = await readFile(yaml, 'utf8');
      assert.match(
        before,
        /^servers:\n {2}- address: 10\.0\.0\.1\n {4}pkcs12: .*\n {4}password_file: .*\n {2}- /m,
      );
      const enter = [
        '[10.0.0.1,[2001:db8::1]:8308]: ',
        `[${file}-10.0.0.1.pkcs12]: `,
        `[${file}-2001_db8__1+8308.pkcs12]: `,
        'as [1]: ',
        `[${STAGE.user}]: `,
        '[as before]: ',
        'or find [',
        'from [1]: ',
        '[424242]: ',
        'yet [y]: ',
        'or none) [1,2,3,4,5]: ',
        '[02:30]: ',
        'imported) [y]: ',
      ];
      const again = await initOn(
        t,
        directory,
        enter.map((after) => ({ after, keys: after.includes('imported') ? 'n\r' : '\r' })),
        { env, cwd: home, columns: 200 },
      );
      assert.match(again ?? '', /Nothing was written: all is left as it is\.[^]*ended 0\r\n/);
      assert.ok(isAsBefore(again ?? ''));
      assert.equal(await readFile(yaml, 'utf8'), before);
    },
  );

  for (const [name, keys, said] of [
    ['Ctrl-C', '\u0003', /\[QC6351\]\r\n(?:.*\r\n)*ended 130/],
    ['Ctrl-D', '\u0015\u0004', /\[QC6352\]\r\n(?:.*\r\n)*ended 2/],
    [
      'SIGTERM',
      (shown: string) => {
        const pid = /pid (\d+)/.exec(shown)?.[1] ?? '';
        spawnSync('pkill', ['-TERM', '-P', pid]);
      },
      /ended 143/,
    ],
  ] as const) {
    test(`${name} at a secret leaves the terminal as it was, and nothing else`, LIMIT, async (t) => {
      const directory = join(await temporaryDirectory(t), 'new');
      const typings = [
        { after: ' [none]: ', keys: '?\r' },
        { after: ' [none]: ', keys: '\r' },
        { after: 'Log in at Qualys as [1]: ', keys: '\r' },
        { after: 'User name at Qualys [later]: ', keys: 'me\r' },
        { after: '(not shown) [later]: ', keys: 'hush' },
        { after: '', keys },
      ];
      const shown = await initOn(t, directory, typings, { columns: 60 });
      if (shown === undefined) return;
      // On a narrow one what is said is broken between words.
      const help = shown.slice(shown.indexOf('The address that'), shown.indexOf('sending them'));
      assert.ok(help.length > 60, shown);
      for (const line of help.split('\r\n')) assert.ok(line.length <= 60, line);
      assert.match(shown, said);
      assert.ok(!shown.includes('hush'), shown);
      assert.ok(isAsBefore(shown), shown);
      assert.ok(!existsSync(directory));
    });
  }

  test('finds the platform where the account lives, once it may try, and stops there', LIMIT, async (t) => {
    const names = ['qualysapi.qualys.com', 'qualysapi.qg2.apps.qualys.com'];
    const serverIdentity = makeServerCertificate(certificates.qualysAuthority, names);
    const account = { templates: [{ id: '7', title: 'Seven' }], report: () => [], serverIdentity };
    const other = await startQualysSimulator({ ...account, user: 'other', password: 'other' });
    const own = await startQualysSimulator({ ...account, user: STAGE.user, password: STAGE.password });
    t.after(() => Promise.all([other.close(), own.close()]));
    const toSimulator = (client: Duplex, target: string): void => {
      const { url } = target.startsWith(`${names[0] ?? ''}:`) ? other : own;
      tunnel(client, new URL(url).host);
    };
    const proxy = await startPlainProxy(t, toSimulator);
    const home = await temporaryDirectory(t);
    const authority = join(home, 'ca.pem');
    await writeFile(authority, certificates.qualysAuthority.certificate);
    const directory = join(home, 'new');
    const shown = await initOn(
      t,
      directory,
      [
        { after: 'by commas) [none]: ', keys: '\r' },
        { after: 'Log in at Qualys as [1]: ', keys: '\r' },
        { after: 'User name at Qualys [later]: ', keys: `${STAGE.user}\r` },
        { after: '(not shown) [later]: ', keys: `${STAGE.password}\r` },
        { after: 'or find [1]: ', keys: 'find\r' },
        { after: 'Try them [n]: ', keys: '\r' },
        { after: 'or find [1]: ', keys: 'find\r' },
        { after: 'Try them [n]: ', keys: 'y\r' },
        { after: 'Hosts and findings come from [1]: ', keys: '\r' },
        { after: 'Id of the template [7]: ', keys: '\r' },
        { after: 'or none) [', keys: 'none\r' },
        { after: 'Write it [y]: ', keys: '\r' },
        { after: 'Test it now (nothing is imported) [y]: ', keys: 'n\r' },
      ],
      { env: { NODE_EXTRA_CA_CERTS: authority, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } },
    );
    if (shown === undefined) return;
    assert.match(shown, /qualysapi\.qualys\.com: refuses the login/);
    assert.match(shown, /qualysapi\.qg2\.apps\.qualys\.com: takes the login/);
    assert.equal(other.transcript.length, 1);
    assert.deepEqual(
      [...new Set(proxy.connects)],
      names.map((name) => `${name}:443`),
    );
    const yaml = await readFile(join(directory, 'InputPlugins', 'QualysGuard.yaml'), 'utf8');
    assert.match(yaml, /^qualys_server: qualysapi\.qg2\.apps\.qualys\.com$/m);
  });
});
