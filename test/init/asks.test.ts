import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { ConnectorError } from '../../src/connector-error.ts';
import {
  makeHostInputClient,
  makeInternalAuthority,
  makeServerCertificate,
} from '../../src/simulators/certificates.ts';
import { writeLegacyPkcs12 } from '../../src/simulators/legacy-pkcs12.ts';
import { startManagementCenterSimulator } from '../../src/simulators/management-center/simulator.ts';
import { AddressRanges } from '../../src/simulators/qualys/detection/address-ranges.ts';
import { startQualysSimulator } from '../../src/simulators/qualys/qualys-simulator.ts';
import { SampleHosts } from '../../src/simulators/sample-hosts.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { certificates } from '../support/certificates.ts';
import { stageFor } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';
import { NO_SQUID, startSquid } from '../support/squid.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withoutRoot } from '../support/without-root.ts';
import { type Answer, talk } from './conversation.ts';

const stage = await stageFor({ after });
/** It opens in a twentieth of the time that a PKCS#12 takes. */
const pem = join(stage.directory, 'client.pem');
const { key, certificate } = certificates.client;
const cipher = {
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: STAGE.pkcs12Password,
} as const;
await writeFile(pem, [certificate, createPrivateKey(key).export(cipher)].join(''), { mode: 0o600 });
let scenes = 0;

/** A place of its own for -init, and the answers that lead to the simulated servers, which all tests share. */
async function scene() {
  const home = join(stage.directory, `scene-${String(++scenes)}`);
  await mkdir(home);
  const directory = join(home, 'new', 'qualys');
  const { host, port } = stage.managementCenter;
  const given = { directory, pkcs12: pem };
  const answers: readonly Answer[] = [
    ['Management Center', `${host}:${port}\r`],
    ['Its password, or ! for a command (not shown) [another', `${STAGE.pkcs12Password}\r`],
    ['User name', `${STAGE.user}\r`],
    ['Its password, or ! for a command (not shown) [later', `${STAGE.password}\r`],
    ['Number, or that', `${stage.qualys.url}\r`],
    ['PEM file', `${stage.files.qualysCa}\r`],
  ];
  return { home, directory, given, answers, yaml: join(directory, 'InputPlugins', 'QualysGuard.yaml') };
}

function codeOf(ended: unknown): string {
  return ended instanceof ConnectorError ? ended.code : String(ended);
}

suite('-init at a terminal', () => {
  let everyQuestion: readonly string[];
  before(async () => {
    const { given, answers } = await scene();
    everyQuestion = (await talk(given, answers)).questions;
  });

  test('shows no secret, and keeps each in a file of its owner', async () => {
    const { answers, directory, yaml } = await scene();
    const { shown, said, ended } = await talk({ directory, pkcs12: stage.files.pkcs12 }, answers);
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

  test('explains each question at ?, and asks it again', async () => {
    const { given, answers, yaml } = await scene();
    const marks = [...new Set(everyQuestion)].map((question): Answer => [question, '?\r']);
    const { questions } = await talk(given, [...marks, ...answers]);
    assert.ok(questions.length >= 28, questions.join('\n'));
    assert.deepEqual(
      questions,
      everyQuestion.flatMap((question) => [question, question]),
    );
    assert.ok(existsSync(yaml));
  });

  test('asks again where an answer will not do', async () => {
    const { given, answers } = await scene();
    const { said, ended } = await talk(given, [
      ['Management Center', 'https://x\r'],
      ['Management Center', '10.1.2.3:99999\r'],
      ['Management Center', '10.1.2.3, 10.1.2.3:8307\r'],
      ['Management Center', '2001:db8::1, [2001:DB8:0::1]:8307\r'],
      ['Certificate file', '/nowhere.p12\r'],
      ['Certificate file', `${stage.files.yaml}\r`],
      ['Certificate file', `${stage.files.pkcs12}\r`],
      ['Its password, or ! for a command (not shown) [another', 'wrong\r'],
      ['Log in at Qualys', '3\r'],
      ['User name', 'scan:op\r'],
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
      /10\.1\.2\.3 is named twice/,
      /\[2001:DB8:0::1\] is named twice/,
      /\/nowhere\.p12 does not exist/,
      /is not a PKCS#12 or PEM file/,
      /does not open the certificate file/,
      /from 1 to 2\./,
      /There is a colon in it/,
      /from 1 to 14/,
      /no such template/,
      /Type y or n\./,
      /from 1 to 5/,
      /Type it as 03:00/,
    ]) {
      assert.match(said, complaint);
    }
  });

  test('leaves nothing at Ctrl-C and at Ctrl-D, whichever question is open', async () => {
    const { home, given, answers } = await scene();
    const ends = [
      ['\u0003', 'QC6351'],
      ['\u0004', 'QC6352'],
    ] as const;
    // All but the last one, before which the files are written; by turns, since both take the same way.
    for (const [index, question] of everyQuestion.slice(0, -1).entries()) {
      const [byte, code] = ends[index % 2 === 0 ? 0 : 1];
      const { ended, shown } = await talk(given, [[question, byte], ...answers]);
      assert.equal(codeOf(ended), code, question);
      assert.ok(shown.endsWith('\n'), question);
      assert.deepEqual(await readdir(home), [], question);
    }
  });

  test('at the last question Ctrl-C leaves the files, and tests nothing', async () => {
    const { given, answers, yaml } = await scene();
    const { ended } = await talk(given, [['Test it', '\u0003'], ...answers]);
    assert.deepEqual(ended, { text: '', test: undefined });
    assert.ok(existsSync(yaml));
  });

  test('overwrites nothing without having asked for it', async () => {
    const { given, answers, yaml, directory } = await scene();
    await mkdir(join(directory, 'InputPlugins'), { recursive: true });
    const password = join(directory, 'pkcs12-password');
    await writeFile(yaml, 'user_id: [mine\n');
    await writeFile(password, 'old\n');
    await chmod(password, 0o644);
    const { questions, shown, said } = await talk(given, [[`${password} is there`, 'y\r'], ...answers]);
    assert.ok(questions.includes(`${yaml} is there already: overwrite it [n]: `));
    // Told before anything is asked, and again where it is about to be written.
    assert.ok(shown.startsWith('Everything goes into'));
    const first = said.slice(0, said.indexOf('Management Center'));
    assert.match(first, /QualysGuard\.yaml is there already, but answers nothing here.*QC2\d\d\d/);
    assert.match(shown, /QualysGuard\.yaml {2}the configuration \(there already\)/);
    assert.match(shown, /QualysGuard\.schema\.json {2}its schema, for editors\r?\n/);
    assert.equal(await readFile(yaml, 'utf8'), 'user_id: [mine\n');
    assert.equal(await readFile(password, 'utf8'), `${STAGE.pkcs12Password}\n`);
    assert.equal((await stat(password)).mode & 0o777, 0o600);
  });

  test('changes in a YAML that is there only what is answered otherwise', async () => {
    const { directory, answers, yaml } = await scene();
    await talk({ directory }, answers);
    const written = await readFile(yaml, 'utf8');
    const own = written
      .replace('min_severity: 1', '# Agreed with the auditors.\nmin_severity: 3   # not 4')
      .replace(/^user_id:(.*)$/m, 'UserName:$1 # the scan user');
    await writeFile(yaml, own);
    // The password is left for later: that of the user before would be refused every night, until Qualys locks the account.
    const { said } = await talk({ directory }, [
      ['User name', 'other\r'],
      ['Id of the template', '77\r'],
      ['Test it', 'n\r'],
    ]);
    assert.match(said, /QualysGuard\.yaml is there already: write the changes into it \[y\]/);
    assert.equal(
      await readFile(yaml, 'utf8'),
      own
        .replace(/^UserName: \w+/m, 'UserName: other')
        .replace(/^password_file: .*$/m, 'password_file:')
        .replace(/^template_id: .*$/m, 'template_id: 77'),
    );
  });

  test('proposes all that was set up before, so that Enter alone changes nothing', async (t) => {
    const { directory, answers, home } = await scene();
    const first = await talk({ directory, pkcs12: pem }, [
      ['Write as well', '1,2,3\r'],
      ['Every night', '2:05\r'],
      ['Add hosts', 'y\r'],
      ...answers,
    ]);
    assert.ok(!(first.ended instanceof Error));
    const before = await contentsOf(directory);
    const again = await talk({ directory });
    assert.match(again.said, /Nothing was written: all is left as it is/, again.shown);
    assert.deepEqual(await contentsOf(directory), before);
    const { host, port } = stage.managementCenter;
    for (const question of [
      `Management Center (name or address; several joined by commas) [${host}:${String(port)}]: `,
      `Certificate file [${join(directory, 'CertFile.pem')}]: `,
      `User name at Qualys [${STAGE.user}]: `,
      'Its password, or ! for a command (not shown) [as before]: ',
      `Number, or that address, or find [${new URL(stage.qualys.url).host}]: `,
      'Id of the template [424242]: ',
      'Add hosts that the Management Center does not know yet [y]: ',
      'Write as well (numbers joined by commas, or none) [1,2,3]: ',
      'Every night at [02:05]: ',
    ]) {
      assert.ok(again.questions.includes(question), question + again.questions.join('\n'));
    }
    assert.ok(!again.shown.includes(STAGE.password) && !again.shown.includes(STAGE.pkcs12Password));
    const test = !(again.ended instanceof Error) && again.ended.test;
    assert.ok(test);
    assert.equal((await runHere(t, home, test, { env: { PKCS12_PASSWORD: undefined } })).code, 0);
  });

  test('with one thing answered otherwise changes that wherever it stands, and keeps options of a person', async () => {
    const { directory, answers } = await scene();
    await talk({ directory, pkcs12: pem }, [['Write as well', '1,2\r'], ...answers]);
    const at = (name: string): string => join(directory, name);
    const line = await readFile(at('crontab'), 'utf8');
    const own = line
      .replace('-changed', '-changed -level=3')
      .replace(/-logfile=\S+/, "-logfile='/var/log/q c.log'");
    await writeFile(at('crontab'), own);
    const before = await contentsOf(directory);
    const { questions } = await talk({ directory }, [
      ['Management Center', '10.9.8.7\r'],
      ['Certificate file', `${at('CertFile.pem')}\r`],
      ['Its password, or ! for a command (not shown) [another', `${STAGE.pkcs12Password}\r`],
      [`${at('crontab')} is`, 'y\r'],
    ]);
    const asked = questions.filter((question) => question.includes('is there already'));
    assert.deepEqual(
      asked.map((question) => /\[.\]/.exec(question)?.[0]),
      ['[n]', '[y]'],
      asked.join('\n'),
    );
    const after = await contentsOf(directory);
    const other = (text: string): string => text.replace(/-server=\S+ -port=\d+/, '-server=10.9.8.7');
    const moved = (text = ''): string => other(text).replace(/ -level=3/, '');
    assert.equal(moved(after.crontab), moved(own));
    assert.match(after.crontab ?? '', / -level=3$/m);
    const service = 'qualys-connector.service';
    assert.equal(after[service], other(before[service] ?? ''));
    assert.deepEqual(after['InputPlugins/QualysGuard.yaml'], before['InputPlugins/QualysGuard.yaml']);
  });

  test('keeps the places of a certificate file and its password that are answered later again', async () => {
    const { directory } = await scene();
    await talk({ directory, server: '10.0.0.1' }, [['Write as well', '1\r']]);
    const crontab = join(directory, 'crontab');
    const line = await readFile(crontab, 'utf8');
    const own = line.replace(/-pkcs12=\S+/, "-pkcs12='/mnt/not there/a.p12' -passwordfile=/mnt/a.password");
    await writeFile(crontab, own);
    const { shown } = await talk({ directory });
    assert.equal(await readFile(crontab, 'utf8'), own);
    assert.match(shown, /Nothing was written[^]*Copy the certificate file .* to \/mnt\/not there\/a\.p12 /);
  });

  test('leaves Management Centers that a person listed as they are written, and what only the list says', async () => {
    const { directory, yaml } = await scene();
    await mkdir(join(directory, 'InputPlugins'), { recursive: true });
    const print = 'AB:'.repeat(31) + 'AB';
    const text = [
      'servers:',
      '- address: 10.0.0.1  # the first',
      `  fingerprint: '${print}'`,
      '  domain: Global',
      '# the second',
      '- fmc.example:8308',
      '# who',
      'user_id: me',
      '',
    ];
    await writeFile(yaml, text.join('\n'));
    await talk({ directory }, [['Write as well', 'none\r']]);
    assert.equal(await readFile(yaml, 'utf8'), text.join('\n'));
    await talk({ directory }, [
      ['Management Center', '10.0.0.1, 10.0.0.2\r'],
      ['Write as well', 'none\r'],
    ]);
    const filled = await readFile(yaml, 'utf8');
    assert.match(filled, /^# the second\nservers:\n/);
    assert.match(filled, /\n# who\nuser_id: me\n$/);
    const { servers = [] } = await readQualysConfig(yaml, []);
    const [first, second] = servers.map((server) => (typeof server === 'string' ? undefined : server));
    assert.deepEqual(
      [first?.fingerprint, first?.domain, first?.pkcs12],
      [print.replaceAll(':', '').toLowerCase(), 'Global', undefined],
    );
    assert.equal(second?.pkcs12, join(directory, 'CertFile-10.0.0.2.pkcs12'));
  });

  test('says that nothing was written where all is left as it is', async () => {
    const { directory, answers } = await scene();
    assert.match((await talk({ directory }, answers)).shown, /\nWritten\.\r?\n/);
    const again = await talk({ directory }, answers);
    assert.match(again.shown, /\nNothing was written: all is left as it is\.\r?\n/);
    assert.doesNotMatch(again.shown, /Written\./);
  });

  test('writes all or nothing', async () => {
    const { answers, directory } = await scene();
    // A folder where a file is to be.
    await mkdir(join(directory, 'crontab'), { recursive: true });
    const { ended } = await talk({ directory }, [[`${join(directory, 'crontab')} is`, 'y\r'], ...answers]);
    assert.equal(codeOf(ended), 'QC6001');
    assert.deepEqual(await readdir(directory), ['crontab']);
  });

  test(
    'says in a sentence that a YAML is of another user, and leaves it',
    { skip: process.geteuid?.() !== 0 && 'only root can make a file that is of another user' },
    async (t) => {
      const directory = await temporaryDirectory(t);
      const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
      await mkdir(join(directory, 'InputPlugins'));
      await writeFile(yaml, 'user_id: mine\n');
      for (const open of [directory, join(directory, 'InputPlugins')]) await chmod(open, 0o777);
      await chmod(yaml, 0o644);
      const { ended } = await withoutRoot(() => talk({ directory }, [['User name', 'other\r']]));
      assert.equal(codeOf(ended), 'QC6001');
      assert.equal(await readFile(yaml, 'utf8'), 'user_id: mine\n');
      assert.deepEqual(await readdir(directory), ['InputPlugins']);
    },
  );

  test('takes asset groups and tags from the lists of the account', async () => {
    const { directory, answers, yaml } = await scene();
    const byGroups = await talk({ directory }, [
      ['Hosts and findings', '2\r'],
      ['Which hosts', '2\r'],
      ['Numbers, joined', '1,2\r'],
      ...answers,
    ]);
    assert.match(byGroups.shown, /2 {2}Data centre/);
    const config = await readQualysConfig(yaml, ['userId']);
    assert.equal(config.source, 'detection');
    assert.deepEqual(config.assetGroups, ['1111', '2222']);
    const byTags = join(directory, 'tags');
    await talk({ directory: byTags }, [['Hosts and findings', '2\r'], ['Which hosts', '3\r'], ...answers]);
    const other = await readQualysConfig(join(byTags, 'InputPlugins', 'QualysGuard.yaml'), ['userId']);
    assert.deepEqual(other.tags, ['Production']);
  });

  test('offers no tag that the YAML cannot name, and proposes those that were chosen before', async (t) => {
    const { home, directory, answers, yaml } = await scene();
    const tags = ['Cloud, EU', 'One', 'Two'].map((name, index) => ({
      id: String(index + 1),
      name,
      addresses: new AddressRanges('0.0.0.0-255.255.255.255'),
    }));
    const login = { user: STAGE.user, password: STAGE.password };
    const detections = { hosts: new SampleHosts({ hosts: 1 }), tags };
    const qualys = await startQualysSimulator({ ...login, templates: [], report: () => [], detections });
    t.after(() => qualys.close());
    const ca = join(home, 'ca.pem');
    await writeFile(ca, qualys.authority);
    const own: readonly Answer[] = [
      ['Number, or that', `${qualys.url}\r`],
      ['PEM file', `${ca}\r`],
    ];
    const { said } = await talk({ directory }, [
      ['Hosts and findings', '2\r'],
      ['Which hosts', '3\r'],
      ['Numbers, joined', '2\r'],
      ...own,
      ...answers,
    ]);
    assert.match(said, /Not offered, since a comma parts .*: "Cloud, EU"\..* 1 One 2 Two /);
    assert.deepEqual((await readQualysConfig(yaml, [])).tags, ['Two']);
    const again = await talk({ directory });
    assert.ok(again.questions.includes('Numbers, joined by commas [2]: '), again.questions.join('\n'));
    // Each key that chose hosts gives way to the one that is chosen now.
    await talk({ directory }, [
      ['Which hosts', '4\r'],
      ['Addresses', '10.0.0.0/24\r'],
    ]);
    const { ips, tags: none } = await readQualysConfig(yaml, []);
    assert.deepEqual([ips, none], [['10.0.0.0-10.0.0.255'], undefined]);
    assert.match(await readFile(yaml, 'utf8'), /^ips: 10\.0\.0\.0\/24$/m);
    const last = await talk({ directory });
    assert.match(last.said, /Nothing was written/);
  });

  test('logs in as an OAuth client by a proxy that asks for a password', { skip: NO_SQUID }, async (t) => {
    const { home, directory, yaml, answers } = await scene();
    const client = { id: 'client-1', secret: "it's #hidden", level: 'subscription' } as const;
    const login = { user: 'nobody', password: 'nothing' };
    const templates = [{ id: '7', title: 'Seven' }];
    const qualys = await startQualysSimulator({ ...login, client, templates, report: () => [] });
    t.after(() => qualys.close());
    const squid = await startSquid(t, { login: { user: 'me', password: "pro'xy # 1" } });
    const ca = join(home, 'ca.pem');
    await writeFile(ca, qualys.authority);
    const { said, shown, ended, questions } = await talk({ directory }, [
      ['Log in at Qualys', '2\r'],
      ['Id of the client', 'client-1\r'],
      ['Its secret', `${client.secret}\r`],
      ['The client is of', '2\r'],
      ['Number, or that', `${qualys.url}\r`],
      ['Gateway', `${qualys.url}\r`],
      ['Then [6]', '5\r'],
      ['Proxy', 'http://me:pw@127.0.0.1:1\r'],
      ['Proxy', `http://127.0.0.1:${String(squid.port)}\r`],
      ['Proxy', `http://127.0.0.1:${String(squid.port)}\r`],
      ['User name for the proxy', '\r'],
      ['User name for the proxy', 'me\r'],
      ['Its password', "pro'xy # 1\r"],
      ['PEM file', `${ca}\r`],
      ['Id of the template', '7\r'],
      ...answers.slice(-1),
    ]);
    assert.ok(!(ended instanceof Error) && ended.test, said);
    // As it may be with Qualys, too.
    assert.match(said, /does not list the templates to an OAuth client/);
    assert.match(said, /Type it without user and password/);
    assert.match(said, /Qualys takes the login\./);
    assert.ok(!shown.includes(client.secret) && !shown.includes("pro'xy"), shown);
    const config = await readQualysConfig(yaml, ['templateId']);
    assert.deepEqual(
      [config.clientId, config.clientLevel, config.userId, config.gateway, config.proxyUser],
      ['client-1', 'subscription', undefined, qualys.url, 'me'],
    );
    assert.equal(config.proxyPassword?.reveal(), "pro'xy # 1");
    assert.ok(questions.includes('Then [7]: ') && questions.includes('Then [5]: '), questions.join('\n'));
    assert.ok(qualys.tokens > 0);
    assert.match(await squid.accesses(), /CONNECT localhost:/);
    const tested = await runHere(t, home, ended.test);
    assert.equal(tested.code, 0, tested.output);
    // All of it is proposed the next time, and neither secret shown.
    const again = await talk({ directory });
    assert.match(again.said, /Qualys takes the login\..*Nothing was written/);
    assert.ok(again.questions.includes('Log in at Qualys as [2]: '));
    // As a user nothing of the client may stay.
    await talk({ directory }, [
      ['Log in at Qualys', '1\r'],
      ['User name', 'me\r'],
    ]);
    const other = await readQualysConfig(yaml, ['userId']);
    assert.deepEqual([other.clientId, other.clientSecretFile, other.proxyUser], [undefined, undefined, 'me']);
  });

  test('takes a secret from a command, which is written in place of a file', async () => {
    const { home, directory, answers, yaml } = await scene();
    const secret = join(home, 'the secret');
    await writeFile(secret, `${STAGE.password}\n`, { mode: 0o600 });
    const { ended } = await talk({ directory }, [
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

  test('proposes to go on without a login that Qualys has refused three times', async () => {
    const { directory, answers, yaml } = await scene();
    const refusals = (): number => stage.qualys.transcript.filter(({ login }) => login === 'wrong').length;
    const wrong = 'Its password, or ! for a command (not shown) [later';
    const earlier = refusals();
    const { said, questions } = await talk({ directory }, [
      [wrong, 'one\r'],
      [wrong, 'two\r'],
      [wrong, 'three\r'],
      ...answers,
    ]);
    assert.match(said, /3 refused logins.*Qualys may lock the account/);
    assert.ok(questions.includes('Then [8]: '));
    assert.equal(refusals() - earlier, 3);
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

  test('finds the only certificate file beside where it is called, and proposes it for one of several only', async () => {
    const { given, answers } = await scene();
    const directory = join(given.directory, 'InputPlugins', '..');
    await mkdir(given.directory, { recursive: true });
    await copyFile(stage.files.pkcs12, join(given.directory, 'mine.p12'));
    const { questions, shown } = await talk({ directory, server: '10.0.0.1, mc.example:8308' }, [
      ['Its password (', `${STAGE.pkcs12Password}\r`],
      ...answers.slice(1),
    ]);
    const asked = questions.filter((question) => question.startsWith('Certificate file'));
    assert.match(asked[0] ?? '', /^Certificate file of 10\.0\.0\.1 \[.*mine\.p12\]: $/);
    assert.deepEqual(asked.slice(1), ['Certificate file of mc.example:8308 [later]: ']);
    assert.match(shown, /certificate file of mc\.example to \S+\/CertFile-mc\.example\+8308\.pkcs12 /);
    const config = await readQualysConfig(join(directory, 'InputPlugins', 'QualysGuard.yaml'), []);
    assert.deepEqual(
      config.servers?.map((server) => typeof server !== 'string' && [server.address, server.port]),
      [
        ['10.0.0.1', undefined],
        ['mc.example', 8308],
      ],
    );
  });

  test('proposes for each of several what was copied for it an earlier time, and gives no two the same names', async () => {
    const { directory, answers, yaml } = await scene();
    await mkdir(directory, { recursive: true });
    const copies = ['CertFile-2001_db8__1.pkcs12', 'CertFile-2001__db8_1.pem', 'CertFile-a+8308.pkcs12'];
    for (const name of copies) await copyFile(stage.files.pkcs12, join(directory, name));
    const { questions } = await talk({ directory, server: '2001::db8:1,2001:db8::1,a_8308,a:8308' }, [
      ['Certificate file of a_8308', 'later\r'],
      ...[1, 2, 3].map((): Answer => ['Its password (not shown) [another', `${STAGE.pkcs12Password}\r`]),
      ...answers.slice(2),
    ]);
    assert.deepEqual(
      questions
        .filter((question) => question.startsWith('Certificate file of'))
        .map((question) => /CertFile\S*(?=\])|later/.exec(question)?.[0]),
      [copies[1], copies[0], 'later', copies[2]],
    );
    const { servers = [] } = await readQualysConfig(yaml, []);
    const files = servers.map((server) => typeof server !== 'string' && server.pkcs12);
    assert.equal(new Set(files).size, 4);
  });

  test('asks for the certificate file of each of several Management Centers, and leads to a run that delivers to all', async (t) => {
    const { home, directory, answers, yaml } = await scene();
    const second = await anotherCenter(t, home);
    const addresses = [stage.managementCenter, second.simulator].map(
      ({ host, port }) => `${host}:${String(port)}`,
    );
    const { ended, shown } = await talk({ directory, server: addresses.join(', ') }, [
      [`Certificate file of ${addresses[0] ?? ''} `, `${stage.files.pkcs12}\r`],
      ['Its password (not shown) [another', `${STAGE.pkcs12Password}\r`],
      [`Certificate file of ${addresses[1] ?? ''} `, `${second.pkcs12}\r`],
      ['Its password (not shown) [another', `${second.password}\r`],
      ['Add hosts', 'y\r'],
      ['Write as well', '1,2\r'],
      ...answers.slice(2),
    ]);
    assert.ok(!(ended instanceof Error), codeOf(ended));
    assert.ok(!shown.includes(second.password));
    const { servers = [] } = await readQualysConfig(yaml, []);
    assert.equal(servers.length, 2);
    for (const [index, secret] of [STAGE.pkcs12Password, second.password].entries()) {
      const server = servers[index];
      assert.ok(server !== undefined && typeof server !== 'string');
      assert.equal(await readFile(server.passwordFile ?? '', 'utf8'), `${secret}\n`);
      for (const file of [server.passwordFile, server.pkcs12]) {
        assert.equal((await stat(file ?? '')).mode & 0o777, 0o600);
      }
    }
    const env = { PKCS12_PASSWORD: undefined };
    const tested = await runHere(t, directory, ended.test ?? [], { env });
    assert.equal(tested.code, 0, tested.output);
    const line = (await readFile(join(directory, 'crontab'), 'utf8')).trim();
    assert.doesNotMatch(line, / -(?:server|port|pkcs12|passwordfile)=/);
    const unit = await readFile(join(directory, 'qualys-connector.service'), 'utf8');
    assert.doesNotMatch(unit, /^ExecStart=.* -(?:server|port|pkcs12|passwordfile)=/m);
    assert.match(unit, /^ExecStart=.* -plugininfo=\S+QualysGuard\.yaml -state=/m);
    // Behind the five fields, Node.js and the command.
    const delivered = await runHere(t, directory, line.split(' ').slice(7), { env });
    assert.equal(delivered.code, 0, await readFile(join(directory, 'connector.log'), 'utf8').catch(String));
    for (const { networkMap } of [stage.managementCenter, second.simulator]) {
      assert.equal(Object.keys(networkMap.hosts).length, 50);
    }
  });
});

/** Of all files, by their paths. */
async function contentsOf(directory: string): Promise<Record<string, string>> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const contents = files
    .sort()
    .map(async (file) => [relative(directory, file), await readFile(file, 'latin1')]);
  return Object.fromEntries((await Promise.all(contents)) as [string, string][]);
}

/** A Management Center with an authority of its own, and the certificate file that it has made. */
async function anotherCenter(t: TestContext, home: string) {
  const authority = makeInternalAuthority();
  const serverIdentity = makeServerCertificate(authority, ['127.0.0.1']);
  const simulator = await startManagementCenterSimulator({ authority, serverIdentity });
  t.after(() => simulator.close());
  const password = 'of the second';
  const client = makeHostInputClient(authority, '127.0.0.1');
  const pkcs12 = join(home, 'second.pkcs12');
  const content = writeLegacyPkcs12({ ...client, authority: authority.certificate }, password);
  await writeFile(pkcs12, content, { mode: 0o600 });
  return { simulator, pkcs12, password };
}
