import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { SCHEMA, SHIPPED } from '../../src/init/working-directory.ts';
import { AddressRanges } from '../../src/simulators/qualys/detection/address-ranges.ts';
import { startQualysSimulator } from '../../src/simulators/qualys/qualys-simulator.ts';
import { SampleHosts } from '../../src/simulators/sample-hosts.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { certificates } from '../support/certificates.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Answer, talk } from './conversation.ts';

const SERVER = 'Management Center (name or address; several joined by commas)';

/** What a person has set up; `@` is the directory. */
async function setUp(t: TestContext, content: string | Uint8Array, crontab?: string) {
  const directory = await temporaryDirectory(t);
  const yaml = join(directory, 'InputPlugins', 'QualysGuard.yaml');
  await mkdir(join(directory, 'InputPlugins'));
  await writeFile(yaml, content, { mode: 0o600 });
  await copyFile(join(SHIPPED, SCHEMA), join(directory, 'InputPlugins', SCHEMA));
  const file = join(directory, 'crontab');
  const own = crontab?.replaceAll('@', directory) ?? '';
  if (own !== '') await writeFile(file, own);
  const overwritten: Answer = [`${file} is there already`, 'y\r'];
  return { directory, yaml, crontab: { file, text: own }, overwritten };
}

/** As -init writes it, with other words for the Management Center. */
function lineWith(words: string): string {
  const kept = '-logfile=@/connector.log -state=@/state -changed -page=@/last-night.html';
  const program = `${process.execPath} ${process.argv[1] ?? ''}`;
  return `0 3 * * * ${program} ${words} -plugininfo=@/InputPlugins/QualysGuard.yaml ${kept}\n`;
}

suite('-init where a person has set up something', () => {
  test('reads options of the crontab in each spelling that the command takes', async (t) => {
    for (const words of [
      '-server 10.0.0.1 -port 8400 -pkcs12 /no/a.p12 -level 3',
      '--server=10.0.0.1 --port=8400 --pkcs12=/no/a.p12 --level=3',
      "-Serv '10.0.0.1' -po=8400 -PKCS12=/no/a.p12 +lev=3",
    ]) {
      const { directory, crontab, overwritten } = await setUp(t, 'user_id: me\n', lineWith(words));
      const { questions } = await talk({ directory }, [overwritten]);
      assert.ok(questions.includes(`${SERVER} [10.0.0.1:8400]: `), questions.join('\n'));
      const line = await readFile(crontab.file, 'utf8');
      assert.match(line, / -server=10\.0\.0\.1 -port=8400 -pkcs12=\/no\/a\.p12 -plugininfo=/);
      assert.match(line, / -changed -page=\S+ -level=3\n$/);
      assert.equal(line.match(/server/g)?.length, 1);
    }
  });

  test('reads a line of the crontab with other days, other commands and a redirection, and leaves it', async (t) => {
    const line = `MAILTO=me\n1 1 * * * backup -server=other\n# each weekday\n30 4 * * 1-5 cd /tmp && node qualys_connector -server=mc.example -state=/s 2>&1 | logger -t qualys\n`;
    const { directory, crontab, overwritten } = await setUp(t, 'user_id: me\n', line);
    const { questions } = await talk({ directory });
    assert.ok(questions.includes(`${SERVER} [mc.example]: `), questions.join('\n'));
    assert.ok(questions.includes('Every night at [04:30]: '));
    assert.ok(questions.includes(`${crontab.file} is there already: overwrite it [n]: `));
    assert.equal(await readFile(crontab.file, 'utf8'), crontab.text);
    await talk({ directory }, [overwritten]);
    const written = await readFile(crontab.file, 'utf8');
    assert.match(written, /^30 4 \* \* \* .* -state=\/s /);
    assert.doesNotMatch(written, / -t\b/);
  });

  test('takes no path of the crontab that only its shell knows, and leaves that line', async (t) => {
    for (const path of ['$HOME/a.p12', 'mine/a.p12', '~/a.p12', '"$HOME"/a.p12']) {
      const words = `-server=10.0.0.1 -pkcs12=${path}`;
      const { directory, crontab } = await setUp(t, 'user_id: me\n', lineWith(words));
      const { questions } = await talk({ directory });
      assert.ok(questions.includes('Certificate file [later]: '));
      assert.ok(questions.includes(`${crontab.file} is there already: overwrite it [n]: `), path);
      assert.equal(await readFile(crontab.file, 'utf8'), crontab.text);
    }
  });

  test('leaves the list of the YAML where the crontab names another Management Center', async (t) => {
    const text = 'user_id: me\nservers:\n- 10.0.0.8\n- 10.0.0.9\n';
    const { directory, yaml, crontab } = await setUp(t, text, lineWith('-server=10.0.0.1 -pkcs12=/no/a.p12'));
    await talk({ directory });
    assert.equal(await readFile(yaml, 'utf8'), text);
    assert.equal(await readFile(crontab.file, 'utf8'), crontab.text);
  });

  test('proposes all Management Centers that the crontab names, and lists them', async (t) => {
    const words = '-server=10.0.0.1,mc.example:8400 -pkcs12=/no/a.p12 -passwordfile=/no/a.password';
    const { directory, yaml, crontab } = await setUp(t, 'user_id: me\n', lineWith(words));
    const { questions } = await talk({ directory });
    assert.ok(questions.includes(`${SERVER} [10.0.0.1,mc.example:8400]: `), questions.join('\n'));
    const own = { pkcs12: '/no/a.p12', passwordFile: '/no/a.password' };
    const { servers = [] } = await readQualysConfig(yaml, []);
    assert.deepEqual(
      servers.map(
        (server) =>
          typeof server !== 'string' && [server.address, server.port, server.pkcs12, server.passwordFile],
      ),
      [
        ['10.0.0.1', undefined, ...Object.values(own)],
        ['mc.example', 8400, ...Object.values(own)],
      ],
    );
    assert.doesNotMatch(await readFile(crontab.file, 'utf8'), / -server=/);
  });

  test('leaves each byte of a YAML with a byte order mark, or in Latin-1, that is not answered otherwise', async (t) => {
    const text = '# für alle\nuser_id: me\nmin_severity: 3\n';
    for (const [encoded, decoded] of [
      [(it: string) => Buffer.from(`\ufeff${it}`), 'øre'],
      [(it: string) => Buffer.from(it, 'latin1'), 'øre'],
    ] as const) {
      const { directory, yaml } = await setUp(t, encoded(text));
      await talk({ directory }, [['Write as well', 'none\r']]);
      assert.deepEqual(await readFile(yaml), encoded(text));
      await talk({ directory }, [
        ['Write as well', 'none\r'],
        ['User name', `${decoded}\r`],
      ]);
      assert.deepEqual(await readFile(yaml), encoded(text.replace('me', `'${decoded}'`)));
    }
  });

  test('writes in UTF-8 what Latin-1 cannot say, or would say as something else', async (t) => {
    for (const name of ['\u0142', 'Ã¼']) {
      const { directory, yaml } = await setUp(t, Buffer.from('user_id: \u00fc\n', 'latin1'));
      await talk({ directory }, [
        ['Write as well', 'none\r'],
        ['User name', `${name}\r`],
      ]);
      assert.equal((await readQualysConfig(yaml, [])).userId, name);
    }
  });

  test('keeps the command for the password of a certificate where the YAML lists its only Management Center', async (t) => {
    const { directory, yaml } = await setUp(t, 'user_id: me\nservers:\n- 10.0.0.8\n');
    const { pem, password } = await lockedCertificate(t);
    await talk({ directory }, [
      ['Certificate file', `${pem}\r`],
      ['Its password', '!\r'],
      ['Command', `cat ${password}\r`],
      ['Write as well', 'none\r'],
    ]);
    const { pkcs12PasswordCommand, servers = [] } = await readQualysConfig(yaml, []);
    assert.deepEqual(pkcs12PasswordCommand, ['cat', password]);
    assert.equal(servers.length, 1);
  });

  test('proposes the server, tags and template as they are, though they are no words of -init', async (t) => {
    const tags = ['One', 'Two'].map((name, index) => ({
      id: String(index + 1),
      name,
      addresses: new AddressRanges('0.0.0.0-255.255.255.255'),
    }));
    const login = { user: STAGE.user, password: STAGE.password };
    const detections = { hosts: new SampleHosts({ hosts: 1 }), tags };
    const templates = [{ id: '7', title: 'Seven' }];
    const qualys = await startQualysSimulator({ ...login, templates, report: () => [], detections });
    t.after(() => qualys.close());
    const ca = join(await temporaryDirectory(t), 'ca.pem');
    await writeFile(ca, qualys.authority);
    const account = `user_id: ${login.user}\npassword: ${login.password}\nqualys_server: ${qualys.url}\nqualys_ca: ${ca}\n`;
    for (const [text, question] of [
      ['user_id: me\nqualys_server: qualysguard.qg2.apps.qualys.eu\n', 'Number, or that address'],
      [`${account}source: detection\ntags: [Two, One]\n`, 'Numbers, joined by commas [1,2]'],
      [`${account}template_id: 99\n`, 'Id of the template [99]'],
    ] as const) {
      const { directory, yaml } = await setUp(t, text);
      const { questions, ended, said } = await talk({ directory }, [['Write as well', 'none\r']]);
      assert.ok(!(ended instanceof Error), said);
      assert.equal(questions.filter((asked) => asked.startsWith(question)).length, 1, questions.join('\n'));
      assert.equal(await readFile(yaml, 'utf8'), text);
    }
  });

  test('takes lines that were pasted together each for its question, and shows no secret among them', async (t) => {
    const { directory, yaml } = await setUp(t, 'user_id: me\nqualys_server: 127.0.0.1:1\n');
    const { shown, ended } = await talk({ directory }, [
      ['Management', 'none\r1\rpasted\rhidden-1\r'],
      ['Then', '8\r'],
      ['Write as well', 'none\r'],
    ]);
    assert.ok(!(ended instanceof Error), shown);
    assert.doesNotMatch(shown, /hidden-1/);
    assert.match(await readFile(yaml, 'utf8'), /^user_id: pasted$/m);
    const secret = join(directory, 'InputPlugins', 'qualys-password');
    assert.equal(await readFile(secret, 'utf8'), 'hidden-1\n');
  });

  test('overwrites no crontab at Enter where the YAML could not be read', async (t) => {
    const { directory, crontab } = await setUp(
      t,
      'user_id: [me\n',
      lineWith('-server=10.0.0.1').replace('0 3', '15 2'),
    );
    const { questions } = await talk({ directory }, [['Management', '10.0.0.1\r']]);
    assert.ok(
      questions.includes(`${crontab.file} is there already: overwrite it [n]: `),
      questions.join('\n'),
    );
    assert.equal(await readFile(crontab.file, 'utf8'), crontab.text);
  });

  test('keeps the certificate file of a Management Center whose port alone is another', async (t) => {
    const words = '-server=10.0.0.1 -port=8400 -pkcs12=/no/a.p12 -passwordfile=/no/a.password';
    const one = await setUp(t, 'user_id: me\n', lineWith(words));
    await talk({ directory: one.directory }, [['Management', '10.0.0.1\r']]);
    assert.equal(await readFile(one.crontab.file, 'utf8'), one.crontab.text.replace(' -port=8400', ''));
    const list =
      'user_id: me\nservers:\n  - address: 10.0.0.1\n    port: 8400\n    pkcs12: /no/a.p12\n  - address: 10.0.0.2\n';
    const two = await setUp(t, list);
    await talk({ directory: two.directory }, [
      ['Management', '10.0.0.1:8401,10.0.0.2\r'],
      ['Write as well', 'none\r'],
    ]);
    assert.equal(await readFile(two.yaml, 'utf8'), list.replace('8400', '8401'));
    // Which of two has it, nobody knows.
    await talk({ directory: two.directory }, [
      ['Management', '10.0.0.1:8402,10.0.0.1:8403\r'],
      ['Write as well', 'none\r'],
    ]);
    assert.doesNotMatch(await readFile(two.yaml, 'utf8'), /a\.p12/);
  });

  test('takes a password out of the crontab where another one is kept in a file', async (t) => {
    const { pem } = await lockedCertificate(t);
    const words = `-server=10.0.0.1 -pkcs12=${pem} -password=in-sight -level=3`;
    const { directory, crontab, overwritten } = await setUp(t, 'user_id: me\n', lineWith(words));
    const { shown } = await talk({ directory }, [
      ['Its password, or ! for a command (not shown) [another', 'locked\r'],
      overwritten,
    ]);
    const written = await readFile(crontab.file, 'utf8');
    assert.match(written, / -passwordfile=\S+\/pkcs12-password .* -level=3$/m);
    assert.doesNotMatch(written + shown, /in-sight/);
  });

  test('changes no byte at Enter where every key is set, and shows no secret', async (t) => {
    const everywhere = [
      'UserName: me   # who',
      "password: 'hidden#1'",
      'qualys_server: https://127.0.0.1:1',
      'qualys_ca: ./authority.pem',
      'gateway: gw.example',
      'proxy: http://pu:hidden2@127.0.0.1:1',
      'pkcs12_password_command: [cat, /nowhere]',
      'add_host: True',
      'set_hostname_attr: "Name x"',
      'finding_types: [Vuln, Ig]',
      'min_severity: 2',
      "exclude_hosts: [10.0.0.1, 'fd00:1::/64']",
      'description_length: 0',
      'mode: update',
      "domain: 'Global \\\\ A'",
      'servers:',
      '  - address: 10.0.0.1 # first',
      '    pkcs12: ../a.p12',
      '  - fmc.example:8308',
      'on_failure: [/bin/true, "a b"]',
    ];
    const ofReport = [
      'template_id: "12"',
      'api: v1',
      'api_version: 3.0',
      'report_limit: 1 GB',
      'keep_report: yes',
    ];
    const ofDetection = [
      'source: Detection',
      'tags: "b, a"',
      'tags_match: all',
      'exclude_tags: c',
      'min_qds: 5',
    ];
    for (const own of [ofReport, ofDetection]) {
      const text = [...everywhere, ...own].join('\r\n');
      const { directory, yaml } = await setUp(t, text);
      const { shown, questions } = await talk({ directory }, [
        ['Then', '8\r'],
        ['Write as well', 'none\r'],
      ]);
      assert.ok(questions.includes(`${SERVER} [10.0.0.1,fmc.example:8308]: `), shown);
      assert.match(shown, /Nothing was written/);
      assert.equal(await readFile(yaml, 'utf8'), text);
      assert.doesNotMatch(shown, /hidden/);
    }
  });

  test('leaves at Enter a timer for other days', async (t) => {
    const { directory } = await setUp(t, 'user_id: me\n');
    await talk({ directory, server: '10.0.0.1' }, [['Write as well', '2\r']]);
    const file = join(directory, 'qualys-connector.timer');
    const written = await readFile(file, 'utf8');
    for (const when of ['Mon..Fri *-*-* 04:30:00', 'weekly']) {
      const own = written.replace('*-*-* 03:00:00', when);
      await writeFile(file, own);
      const { questions } = await talk({ directory });
      assert.ok(questions.includes(`${file} is there already: overwrite it [n]: `), questions.join('\n'));
      assert.equal(await readFile(file, 'utf8'), own);
    }
  });

  test('at a second time tells to put the line of the crontab in place of the first one', async (t) => {
    const { directory } = await setUp(t, 'user_id: me\n');
    const first = await talk({ directory, server: '10.0.0.1' }, [['Write as well', '1\r']]);
    assert.match(first.said, /Every night, by cron: \{ crontab -l/);
    const again = await talk({ directory }, [['Every night', '4:00\r']]);
    assert.match(
      again.said,
      /where the line is in your crontab already, put the one of this file in its place \(crontab -e\)/,
    );
  });
});

/** A certificate file with a password, and the file that the password is in. */
async function lockedCertificate(t: TestContext) {
  const home = await temporaryDirectory(t);
  const [pem, password] = [join(home, 'client.pem'), join(home, 'password')];
  const { key, certificate } = certificates.client;
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'locked' } as const;
  await writeFile(pem, [certificate, createPrivateKey(key).export(cipher)].join(''), { mode: 0o600 });
  await writeFile(password, 'locked\n', { mode: 0o600 });
  return { pem, password };
}
