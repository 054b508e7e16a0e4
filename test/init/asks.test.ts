import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { ConnectorError } from '../../src/connector-error.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { stageFor } from '../support/connector.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Answer, talk } from './conversation.ts';

/** A place for -init, the simulated servers, and the answers that lead to them. */
async function scene(t: TestContext) {
  const stage = await stageFor(t);
  const directory = join(stage.directory, 'new', 'qualys');
  const { host, port } = stage.managementCenter;
  const given = { directory, pkcs12: stage.files.pkcs12 };
  const answers: readonly Answer[] = [
    ['Management Center', `${host}:${port}\r`],
    ['Its password, or ! for a command (not shown) [another', `${STAGE.pkcs12Password}\r`],
    ['User name', `${STAGE.user}\r`],
    ['Its password, or ! for a command (not shown) [later', `${STAGE.password}\r`],
    ['Number, or that', `${stage.qualys.url}\r`],
    ['PEM file', `${stage.files.qualysCa}\r`],
  ];
  return { stage, directory, given, answers, yaml: join(directory, 'InputPlugins', 'QualysGuard.yaml') };
}

function codeOf(ended: unknown): string {
  return ended instanceof ConnectorError ? ended.code : String(ended);
}

suite('-init at a terminal', () => {
  test('shows no secret, and keeps each in a file of its owner', async (t) => {
    const { given, answers, directory, yaml, stage } = await scene(t);
    const { shown, said, ended } = await talk(given, answers);
    assert.ok(!(ended instanceof Error) && ended.test, codeOf(ended));
    assert.ok(!shown.includes(STAGE.password) && !shown.includes(STAGE.pkcs12Password));
    assert.match(said, /It opens: CN=127\.0\.0\.1.* good until 2\d{3}-\d\d-\d\d, \d+ days/);
    assert.match(shown, /424242 {2}Nightly import/);
    const config = await readQualysConfig(yaml, ['userId', 'templateId']);
    assert.equal(config.userId, STAGE.user);
    assert.equal(config.templateId, STAGE.template);
    assert.equal(config.qualysCa, stage.files.qualysCa);
    for (const [file, secret] of [
      [config.passwordFile ?? '', STAGE.password],
      [join(directory, 'pkcs12-password'), STAGE.pkcs12Password],
    ] as const) {
      assert.equal(await readFile(file, 'utf8'), `${secret}\n`);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
    }
    for (const file of [yaml, join(directory, 'CertFile.pkcs12')]) {
      assert.equal((await stat(file)).mode & 0o777, 0o600);
    }
    assert.ok(!(await readFile(yaml, 'utf8')).includes(STAGE.password));
  });

  test('explains each question at ?, and asks it again', async (t) => {
    const { given, answers, yaml } = await scene(t);
    const { questions } = await talk(given, answers);
    assert.ok(questions.length >= 14, questions.join('\n'));
    const marks = [...new Set(questions)].map((question): Answer => [question, '?\r']);
    const again = await talk({ ...given, directory: join(given.directory, '2') }, [...marks, ...answers]);
    assert.deepEqual(
      again.questions,
      questions.flatMap((question) => [question, question]),
    );
    assert.ok(existsSync(yaml));
  });

  test('asks again where an answer will not do', async (t) => {
    const { given, answers, stage } = await scene(t);
    const { said, ended } = await talk(given, [
      ['Management Center', 'https://x\r'],
      ['Management Center', '10.1.2.3:99999\r'],
      ['Certificate file', '/nowhere.p12\r'],
      ['Certificate file', `${stage.files.yaml}\r`],
      ['Certificate file', `${stage.files.pkcs12}\r`],
      ['Its password, or ! for a command (not shown) [another', 'wrong\r'],
      ['Log in at Qualys', '3\r'],
      ['Number, or that', '15\r'],
      ['Id of the template', '77\r'],
      ['Add hosts', 'perhaps\r'],
      ['Write as well', '9\r'],
      ['Every night', '24:00\r'],
      ...answers,
    ]);
    assert.ok(!(ended instanceof Error), codeOf(ended));
    for (const complaint of [
      /it is a URL.*QC5040/,
      /99999 is no port/,
      /\/nowhere\.p12 does not exist/,
      /is not a PKCS#12 or PEM file/,
      /does not open the certificate file/,
      /from 1 to 2\./,
      /from 1 to 14/,
      /no such template/,
      /Type y or n\./,
      /from 1 to 5/,
      /Type it as 03:00/,
    ]) {
      assert.match(said, complaint);
    }
  });

  for (const [key, byte, code] of [
    ['Ctrl-C', '\u0003', 'QC6351'],
    ['Ctrl-D', '\u0004', 'QC6352'],
  ] as const) {
    test(`leaves nothing at ${key}, whichever question is open`, async (t) => {
      const { given, answers, stage } = await scene(t);
      const first = await talk({ ...given, directory: join(stage.directory, 'all') }, answers);
      const before = await readdir(stage.directory);
      // All but the last one, before which the files are written.
      for (const question of first.questions.slice(0, -1)) {
        const { ended, shown } = await talk(given, [[question, byte], ...answers]);
        assert.equal(codeOf(ended), code, question);
        assert.ok(shown.endsWith('\n'), question);
        assert.deepEqual(await readdir(stage.directory), before, question);
      }
    });
  }

  test('at the last question Ctrl-C leaves the files, and tests nothing', async (t) => {
    const { given, answers, yaml } = await scene(t);
    const { ended } = await talk(given, [['Test it', '\u0003'], ...answers]);
    assert.deepEqual(ended, { text: '', test: undefined });
    assert.ok(existsSync(yaml));
  });

  test('overwrites nothing without having asked for it', async (t) => {
    const { given, answers, yaml, directory } = await scene(t);
    await mkdir(join(directory, 'InputPlugins'), { recursive: true });
    const password = join(directory, 'pkcs12-password');
    await writeFile(yaml, 'user_id: mine\n');
    await writeFile(password, 'old\n');
    await chmod(password, 0o644);
    const { questions, shown, said } = await talk(given, [[`${password} is there`, 'y\r'], ...answers]);
    assert.ok(questions.includes(`${yaml} is there already: overwrite it [n]: `));
    // Told before anything is asked, and again where it is about to be written.
    assert.ok(shown.startsWith('Everything goes into'));
    assert.match(said.slice(0, said.indexOf('Management Center')), /QualysGuard\.yaml is there already\./);
    assert.match(shown, /QualysGuard\.yaml {2}the configuration \(there already\)/);
    assert.match(shown, /QualysGuard\.schema\.json {2}its schema, for editors\r?\n/);
    assert.equal(await readFile(yaml, 'utf8'), 'user_id: mine\n');
    assert.equal(await readFile(password, 'utf8'), `${STAGE.pkcs12Password}\n`);
    assert.equal((await stat(password)).mode & 0o777, 0o600);
  });

  test('says that nothing was written where all is left as it is', async (t) => {
    const { given, answers } = await scene(t);
    assert.match((await talk(given, answers)).shown, /\nWritten\.\r?\n/);
    const again = await talk(given, answers);
    assert.match(again.shown, /\nNothing was written: all is left as it is\.\r?\n/);
    assert.doesNotMatch(again.shown, /Written\./);
  });

  test('writes all or nothing', async (t) => {
    const { given, answers, directory } = await scene(t);
    // A folder where a file is to be.
    await mkdir(join(directory, 'crontab'), { recursive: true });
    const { ended } = await talk(given, [[`${join(directory, 'crontab')} is`, 'y\r'], ...answers]);
    assert.equal(codeOf(ended), 'QC6001');
    assert.deepEqual(await readdir(directory), ['crontab']);
  });

  test('takes asset groups and tags from the lists of the account', async (t) => {
    const { given, answers, yaml } = await scene(t);
    const byGroups = await talk(given, [
      ['Hosts and findings', '2\r'],
      ['Which hosts', '2\r'],
      ['Numbers, joined', '1,2\r'],
      ...answers,
    ]);
    assert.match(byGroups.shown, /2 {2}Data centre/);
    const config = await readQualysConfig(yaml, ['userId']);
    assert.equal(config.source, 'detection');
    assert.deepEqual(config.assetGroups, ['1111', '2222']);
    const directory = join(given.directory, 'tags');
    await talk({ ...given, directory }, [['Hosts and findings', '2\r'], ['Which hosts', '3\r'], ...answers]);
    const other = await readQualysConfig(join(directory, 'InputPlugins', 'QualysGuard.yaml'), ['userId']);
    assert.deepEqual(other.tags, ['Production']);
  });

  test('takes a secret from a command, which is written in place of a file', async (t) => {
    const { given, answers, yaml, stage, directory } = await scene(t);
    const secret = join(stage.directory, 'the secret');
    await writeFile(secret, `${STAGE.password}\n`, { mode: 0o600 });
    const { ended } = await talk(given, [
      ['Its password, or ! for a command (not shown) [later', '!\r'],
      ['Command', 'cat /nowhere\r'],
      ['Its password, or ! for a command (not shown) [later', '!\r'],
      ['Command', "cat 'open\r"],
      ['Command', `cat '${secret}'\r`],
      ...answers,
    ]);
    assert.ok(!(ended instanceof Error), codeOf(ended));
    const config = await readQualysConfig(yaml, ['userId']);
    assert.deepEqual(config.passwordCommand, ['cat', secret]);
    assert.ok(!existsSync(join(directory, 'InputPlugins', 'qualys-password')));
  });

  test('proposes to go on without a login that Qualys has refused three times', async (t) => {
    const { given, answers, stage, yaml } = await scene(t);
    const wrong = 'Its password, or ! for a command (not shown) [later';
    const { said, questions } = await talk(given, [
      [wrong, 'one\r'],
      [wrong, 'two\r'],
      [wrong, 'three\r'],
      ...answers,
    ]);
    assert.match(said, /3 refused logins.*Qualys may lock the account/);
    assert.ok(questions.includes('Then [7]: '));
    assert.equal(stage.qualys.transcript.filter(({ login }) => login === 'wrong').length, 3);
    assert.ok(existsSync(yaml));
  });

  test('with Enter alone makes what is to be filled in', async (t) => {
    const directory = join(await temporaryDirectory(t), 'q');
    const { ended } = await talk({ directory });
    assert.deepEqual(ended, { text: '', test: undefined });
    assert.match(await readFile(join(directory, 'crontab'), 'utf8'), / -csvfile=\S+\/Output\.csv /);
    const shipped = new URL('../../InputPlugins/QualysGuard.yaml', import.meta.url);
    const yaml = await readFile(join(directory, 'InputPlugins', 'QualysGuard.yaml'), 'utf8');
    assert.equal(yaml, await readFile(shipped, 'utf8'));
  });

  test('finds the only certificate file beside where it is called, and hands a list of servers on', async (t) => {
    const { stage, given, answers } = await scene(t);
    const directory = join(given.directory, 'InputPlugins', '..');
    await mkdir(given.directory, { recursive: true });
    await copyFile(stage.files.pkcs12, join(given.directory, 'mine.p12'));
    const { questions } = await talk({ directory, server: '10.0.0.1, mc.example:8308' }, answers.slice(1));
    assert.ok(questions.some((question) => /^Certificate file \[.*mine\.p12\]: $/.test(question)));
    assert.match(
      await readFile(join(given.directory, 'crontab'), 'utf8'),
      / -server=10\.0\.0\.1,mc\.example:8308 /,
    );
  });
});
