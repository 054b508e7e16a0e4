import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { inspect } from 'node:util';
import { NAMED_KEYS } from '../../src/config/keys.ts';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { readYamlEntries } from '../../src/config/yaml-entries.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withoutRoot } from '../support/without-root.ts';

const SHIPPED = new URL('../../../InputPlugins/QualysGuard.yaml', import.meta.url).pathname;
const REQUIRED = ['userId', 'password', 'templateId'] as const;
const MINIMAL = "user_id: scan_op\npassword: 'p''w #1'\ntemplate_id: 424242\n";

async function yaml(t: TestContext, text: string | Uint8Array): Promise<string> {
  const file = join(await temporaryDirectory(t), 'QualysGuard.yaml');
  await writeFile(file, text);
  return file;
}

async function refusal(
  t: TestContext,
  text: string | Uint8Array,
): Promise<{ file: string; message: string }> {
  const file = await yaml(t, text);
  const error = await readQualysConfig(file, REQUIRED).then(
    () => assert.fail('was accepted'),
    (reason: unknown) => reason as Error & { exitCode: number },
  );
  assert.equal(error.exitCode, 2, inspect(error));
  return { file, message: error.message.replaceAll(file, 'FILE') };
}

test('the shipped file names every key once, in the order of the table, at its default', async () => {
  const entries = await readYamlEntries(SHIPPED);
  assert.deepEqual(
    entries.map(({ key, value }) => [key, value]),
    NAMED_KEYS.map(([, key]) => [key.name, key.default]),
  );
});

test('the shipped file asks for the user first', async () => {
  await assert.rejects(readQualysConfig(SHIPPED, REQUIRED), /No value provided for required key : user_id/);
});

test('three keys suffice; everything else is at its default', async (t) => {
  const config = await readQualysConfig(await yaml(t, MINIMAL), REQUIRED);
  assert.equal(config.userId, 'scan_op');
  assert.equal(config.password.reveal(), "p'w #1");
  assert.equal(config.templateId, '424242');
  assert.equal(config.qualysServer, 'https://qualysapi.qualys.com');
  assert.deepEqual(config.findingTypes, new Set(['vuln', 'practice']));
  assert.equal(config.addHost, false);
  assert.equal(config.reportTimeout, 3600);
});

test('a password of digits keeps its zeros, and is shown as stars', async (t) => {
  const config = await readQualysConfig(await yaml(t, MINIMAL.replace("'p''w #1'", '0123')), REQUIRED);
  assert.equal(config.password.reveal(), '0123');
  assert.doesNotMatch(`${inspect(config)}${JSON.stringify(config)}${String(config.password)}`, /0123/);
});

test('y, ye, yes, t, true in any case are yes; n, no, f, false are no', async (t) => {
  for (const [word, expected] of [
    ...['y', 'Ye', 'YES', 't', 'tru', 'True'].map((yes) => [yes, true] as const),
    ...['n', 'No', 'f', 'FALSE'].map((no) => [no, false] as const),
  ]) {
    const config = await readQualysConfig(await yaml(t, `${MINIMAL}add_host: ${word}\n`), REQUIRED);
    assert.equal(config.addHost, expected, word);
  }
});

test('no spelling means two keys', () => {
  const spellings = NAMED_KEYS.flatMap(([, key]) => [key.name, ...key.aliases]);
  assert.deepEqual([...new Set(spellings)], spellings);
});

test('likely spellings of the original are accepted', async (t) => {
  const file = await yaml(
    t,
    'username: a\npasswd: b\nreport_template_id: 7\nqualys_url: https://qualysapi.qualys.eu/\nproxy_host: proxy.example.com\nproxy_port: 3128\nproxy_username: p\n',
  );
  const config = await readQualysConfig(file, REQUIRED);
  assert.equal(config.templateId, '7');
  assert.equal(config.qualysServer, 'https://qualysapi.qualys.eu');
  assert.equal(config.proxy, 'http://proxy.example.com:3128');
  assert.equal(config.proxyUser, 'p');
});

test('a list of finding types may be written with commas, blanks or as a YAML list', async (t) => {
  for (const value of ['vuln, IG', 'Vuln Ig', '[Vuln, Ig]', '\n  - VULN\n  - ig']) {
    const config = await readQualysConfig(await yaml(t, `${MINIMAL}finding_types: ${value}\n`), REQUIRED);
    assert.deepEqual(config.findingTypes, new Set(['vuln', 'ig']), value);
  }
});

test('a command is a list of words, in which commas are commas, or one word', async (t) => {
  const rest = 'user_id: scan_op\ntemplate_id: 424242\n';
  for (const [written, words] of [
    ['[pass, show, "a, b", \'$x\']', ['pass', 'show', 'a, b', '$x']],
    ['\n  - /opt/my tools/secret\n  - ""', ['/opt/my tools/secret', '']],
    ['/usr/local/bin/secret', ['/usr/local/bin/secret']],
  ] as const) {
    const config = await readQualysConfig(await yaml(t, `${rest}password_command: ${written}\n`), ['userId']);
    assert.deepEqual(config.passwordCommand, words);
  }
  for (const bad of [
    'pass show qualys',
    '[]',
    './secret',
    '[bin/secret]',
    "['', x]",
    '["a b"]',
    '[pass, "x\\0"]',
  ]) {
    const { message } = await refusal(t, `${rest}password_command: ${bad}\n`);
    assert.match(message, /Invalid value '\*\*\*' for key 'password_command' .*\[QC2006\]/m, bad);
  }
});

test('a secret is given in one way', async (t) => {
  const client = 'client_id: c\ntemplate_id: 1\n';
  for (const [text, first, second] of [
    [`${MINIMAL}password_command: x\n`, 'password', 'password_command'],
    [
      'user_id: a\ntemplate_id: 1\npasswordfile: f\npassword_command: x\n',
      'passwordfile',
      'password_command',
    ],
    [`${client}client_secret: s\nclient_secret_command: x\n`, 'client_secret', 'client_secret_command'],
    [
      `${client}client_secret_file: s\nclient_secret_command: x\n`,
      'client_secret_file',
      'client_secret_command',
    ],
    [`${MINIMAL}proxy_pass: s\nproxy_password_command: x\n`, 'proxy_pass', 'proxy_password_command'],
    [`${client}client_secret: s\npassword_command: x\n`, 'password_command', 'client_id'],
  ] as const) {
    const { message } = await refusal(t, text);
    assert.match(message, new RegExp(`'${first}' and '${second}' both say .*\\[QC2007\\]`), text);
  }
});

test('an interval may be a part of a second', async (t) => {
  const config = await readQualysConfig(await yaml(t, `${MINIMAL}poll_interval: 0.1\n`), REQUIRED);
  assert.equal(config.pollInterval, 0.1);
});

test("paths are taken from the file's own directory", async (t) => {
  const file = await yaml(t, `${MINIMAL}report_dir: reports\nqualys_ca: /etc/ca.pem\n`);
  const config = await readQualysConfig(file, REQUIRED);
  assert.equal(config.reportDir, join(file, '..', 'reports'));
  assert.equal(config.qualysCa, '/etc/ca.pem');
});

test('an unknown key is named with its line and the nearest known key', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}\nadd_hots: y\n`);
  assert.match(message, /^FILE, line 5: there is no key 'add_hots'\. The nearest known key is 'add_host'/);
  assert.match(message, /\[QC2004\]$/);
});

test('no key is named where none is near', async (t) => {
  for (const key of ['blackout_window', 'debug', 'name', 'tmp_dir', 'x'.repeat(5000)]) {
    const { message } = await refusal(t, `${MINIMAL}${key}: y\n`);
    assert.match(
      message,
      /^FILE, line 4: there is no key '[a-z_]{1,100}…?'\. qualys_connector -help lists all keys\. \[QC2004\]$/,
    );
  }
});

test('all that is wrong is told at once, each with its line', async (t) => {
  const { message } = await refusal(
    t,
    'user_id: a\npassword: b\nuser_id: c\nadd_hots: y\nmin_severity: 6\nmode: [flush]\nproxy_port: 1\n',
  );
  assert.deepEqual(
    message.split('\n').map((line) => line.replace(/ ?[:.] .*( \[)/, '$1')),
    [
      '6 things are wrong with the configuration file FILE:',
      '  FILE, line 3 [QC2007]',
      '  FILE, line 4 [QC2004]',
      "  Invalid value '6' for key 'min_severity' in YAML config (FILE, line 5) [QC2006]",
      "  Invalid value '[flush]' for key 'mode' in YAML config (FILE, line 6) [QC2006]",
      '  No value provided for required key [QC2005]',
      '  No value provided for required key [QC2005]',
      'Mend them all, then run again. [QC2008]',
    ],
  );
});

test('thousands of faults are told in a few lines', async (t) => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `key_${index}: x\n`).join('');
  const { message } = await refusal(t, `${MINIMAL}${keys}`);
  assert.match(message, /^20000 things are wrong/);
  assert.match(message, /\(and 19980 more\)\nMend them all/);
  assert.equal(message.split('\n').length, 23);
});

test('a key that stands there twice is told as that; one without a value does not count', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}user_id: other\n`);
  assert.match(message, /^FILE, line 4: 'user_id' is in line 1 already\. .*\[QC2007\]$/);
  const config = await readQualysConfig(await yaml(t, `user_id:\n${MINIMAL}`), REQUIRED);
  assert.equal(config.userId, 'scan_op');
});

test('null and ~ are no value, in quotes they are text', async (t) => {
  for (const nothing of ['null', '~']) {
    const text = `${MINIMAL}domain: ${nothing}\nset_os_attr: ${nothing}\nproxy: ${nothing}\nadd_host: ${nothing}\n`;
    const config = await readQualysConfig(await yaml(t, text), REQUIRED);
    assert.deepEqual(
      [config.domain, config.osAttribute, config.proxy, config.addHost],
      [undefined, undefined, undefined, false],
    );
  }
  const { message } = await refusal(t, MINIMAL.replace("'p''w #1'", '~'));
  assert.match(message, /^No value provided for required key : password/);
  const config = await readQualysConfig(await yaml(t, MINIMAL.replace("p''w #1", 'null')), REQUIRED);
  assert.equal(config.password.reveal(), 'null');
});

test('a list where one value belongs is refused, and a password in it not shown', async (t) => {
  for (const list of ['[secret]', '\n  - secret']) {
    const { message } = await refusal(t, MINIMAL.replace(" 'p''w #1'", ` ${list}`));
    assert.match(message, /^Invalid value '\*\*\*' for key 'password' .*in single quotes.*\[QC2006\]$/);
  }
});

test('a comma within an item of a list is refused: it would make two of one', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}tags: ['Sites, EU']\n`);
  assert.match(message, /this is not valid YAML \(a comma stands within an item of a list\).*\[QC2003\]/);
});

test('addresses with many blanks are judged at once', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}ips: '10.0.0.1${' '.repeat(300_000)}x'\n`);
  assert.match(message, /for key 'ips'.*\[QC2006\]/);
});

test('a password that YAML takes for an anchor or an alias is told, and not shown', async (t) => {
  for (const mark of ['&', '*']) {
    const { message } = await refusal(t, MINIMAL.replace("'p''w #1'", `${mark}secret`));
    assert.match(message, /line 2: this is not valid YAML \(a value begins with [&*]\)\. .*single quotes/);
    assert.doesNotMatch(message, /secret/);
  }
});

test('a syntax error is told with the line that it is in', async (t) => {
  for (const [lines, line] of [
    [['mode flush', '', '# comment', 'user_id: a'], 1],
    [['user_id: a', 'mode flush', '', '# comment', ''], 2],
    [['user_id: a', 'mode=flush', 'api: v2'], 2],
    [["password: 'it's", '', 'user_id: a'], 1],
    [["password: 'open", '', '# comment', 'user_id: a'], 1],
    [['user_id: a', 'finding_types: [Vuln', 'api: v2'], 2],
    [['user_id: a', 'password: @x', 'api: v2'], 2],
    [['user_id: a', '  api: v2'], 2],
  ] as const) {
    const { message } = await refusal(t, lines.join('\n'));
    assert.match(message, new RegExp(`^FILE, line ${line}: .*\\[QC2003\\]$`), lines.join('|'));
  }
});

test('a missing key is named in the words of the original', async (t) => {
  const { message } = await refusal(t, MINIMAL.replace('template_id: 424242', 'template_id:'));
  assert.match(message, /^No value provided for required key : template_id \(in FILE\)/);
});

test('a wrong value is shown with what is allowed', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}add_host: maybe\n`);
  assert.match(
    message,
    /^Invalid value 'maybe' for key 'add_host' in YAML config \(FILE, line 4\)\. Allowed is y, yes or true/,
  );
});

const WRONG = {
  'several template ids': 'template_id: 1,2',
  'a server that is no host': 'qualys_server: "what is this"',
  'plain http to Qualys': 'qualys_server: http://qualysapi.qualys.com',
  'a server with a path': 'qualys_server: https://qualysapi.qualys.com/msp/',
  'an interval of nothing': 'poll_interval: 0',
  'an interval of hundredths': 'poll_interval: 0.25',
  'a severity of 6': 'min_severity: 6',
  'an unknown finding type': 'finding_types: Vuln, Nonsense',
  'an attribute with a comma': 'set_os_attr: a,b',
  'an unknown mode': 'mode: replace',
  'a proxy of another kind': 'proxy: socks5://proxy:1080',
  'an unknown API': 'api: v3',
  'a size without a unit': 'report_limit: 20',
  'a size of nothing': 'report_limit: 0 GB',
};

for (const [what, line] of Object.entries(WRONG)) {
  test(`${what} is refused by name and line`, async (t) => {
    const key = line.split(':')[0] ?? '';
    const without = MINIMAL.split('\n').filter((kept) => !kept.startsWith(key));
    const { message } = await refusal(t, [...without, line, ''].join('\n'));
    assert.match(message, new RegExp(`key '${key}' in YAML config \\(FILE, line \\d\\).*Allowed is `));
  });
}

test('two spellings of one key are an error', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}userid: other\n`);
  assert.match(message, /line 4: 'user_id' and 'userid' both say the user_id/);
});

test('a password beside a password file is an error', async (t) => {
  const { message } = await refusal(t, `${MINIMAL}password_file: p.txt\n`);
  assert.match(message, /'password' and 'password_file' both say the password/);
});

test('a syntax error names the line and never shows the password', async (t) => {
  const { message } = await refusal(t, "user_id: a\npassword: 'secret-word\ntemplate_id: 1\n");
  assert.match(message, /not valid YAML/);
  assert.doesNotMatch(message, /secret-word/);
});

test('a password that YAML takes for a tag is not shown', async (t) => {
  for (const word of [
    '!Pass',
    '!Pass word',
    '!!Pass',
    '!<Pass> word',
    '!Pass!word',
    '!Pa{ss',
    '!P%ass',
    '!Pa!ss!',
  ]) {
    const { message } = await refusal(t, `user_id: a\npassword: ${word}\ntemplate_id: 1\n`);
    assert.match(message, /line 2: this is not valid YAML/);
    assert.doesNotMatch(message, /Pa|ss!?\)|ss\}/);
  }
});

test('a file without end is not read whole', { skip: !existsSync('/dev/zero') }, async () => {
  await assert.rejects(readQualysConfig('/dev/zero', []), /larger than 1 MB/);
});

test('a secret with a wrong value is not shown', async (t) => {
  const { message } = await refusal(t, `user_id: a\npassword: "two\\nlines"\ntemplate_id: 1\n`);
  assert.match(message, /Invalid value '\*\*\*' for key 'password'/);
});

test('a login in the address of the server is refused, and not shown', async (t) => {
  for (const login of ['mills:s3cr3t', 'mills:s3cr3t/@x', 's3cr3t']) {
    for (const scheme of ['https://', '']) {
      const line = `qualys_server: '${scheme}${login}@qualysapi.qualys.eu'`;
      const { message } = await refusal(t, `user_id: a\npassword: b\ntemplate_id: 1\n${line}\n`);
      assert.match(
        message,
        /Invalid value '(https:\/\/)?\*\*\*@qualysapi\.qualys\.eu' for key 'qualys_server'/,
      );
      assert.doesNotMatch(message, /s3cr3t|mills/);
    }
  }
});

const BROKEN = {
  'an empty file': '',
  'a file of comments': '# nothing\n',
  'a list': '- a\n- b\n',
  'one word': 'hello\n',
  'a block inside': 'user_id:\n  name: a\n',
  'two documents': 'user_id: a\n---\nuser_id: b\n',
  'zero bytes': new Uint8Array(64),
  'a tab': '\tuser_id: a\n',
  'an alias': 'user_id: &a b\npassword: *a\n',
};

for (const [what, text] of Object.entries(BROKEN)) {
  test(`${what} as configuration gives one clear sentence`, async (t) => {
    const { message } = await refusal(t, text);
    assert.match(message, /FILE.*\[QC2003\]$/s);
  });
}

test('a Latin-1 file from an old system is read', async (t) => {
  const file = await yaml(t, Buffer.from(MINIMAL.replace('scan_op', 'bj\xf6rn'), 'latin1'));
  assert.equal((await readQualysConfig(file, REQUIRED)).userId, 'bj\xf6rn');
});

test('line ends of Windows and a byte order mark do not matter', async (t) => {
  const file = await yaml(t, `\ufeff${MINIMAL.replaceAll('\n', '\r\n')}`);
  assert.equal((await readQualysConfig(file, REQUIRED)).templateId, '424242');
});

test('a file that is not there, a directory and a forbidden file are told apart', async (t) => {
  const directory = await temporaryDirectory(t);
  await assert.rejects(readQualysConfig(join(directory, 'no.yaml'), []), { code: 'QC2001' });
  await mkdir(join(directory, 'd.yaml'));
  await assert.rejects(readQualysConfig(join(directory, 'd.yaml'), []), /it is a directory.*\[QC2002\]/);
  await writeFile(join(directory, 'f.yaml'), MINIMAL);
  await chmod(join(directory, 'f.yaml'), 0);
  await withoutRoot(() =>
    assert.rejects(readQualysConfig(join(directory, 'f.yaml'), []), /EACCES.*\[QC2002\]/),
  );
});

test('with source: detection no template is needed, and asset groups may be named', async (t) => {
  const file = await yaml(
    t,
    'user_id: a\npassword: b\nsource: Detection\nasset_groups: [Data centre, "2024"]\n',
  );
  const { source, templateId, assetGroups, pageSize } = await readQualysConfig(file, REQUIRED);
  assert.deepEqual(
    [source, templateId, assetGroups, pageSize],
    ['detection', undefined, ['Data centre', '2024'], 1000],
  );
});

test('what only the other source knows is refused, but for what stands at its default', async (t) => {
  for (const [line, told] of [
    ['min_qds: 50', /'min_qds' means something with 'source: detection' only.*\[QC2011\]/],
    ['kb_cache: cache', /'kb_cache'.*\[QC2011\]/],
    ['superseded: n', /'superseded'.*\[QC2011\]/],
    [
      'asset_groups: Data centre',
      /'Data centre' for key 'asset_groups'.*a report takes no titles.*\[QC2006\]/,
    ],
    ['source: detection\nkeep_report: y', /'keep_report' keeps a report.*\[QC2012\]/],
  ] as const) {
    assert.match((await refusal(t, `${MINIMAL}${line}\n`)).message, told);
  }
  await readQualysConfig(await yaml(t, `${MINIMAL}superseded: y\npage_size: 1000\n`), REQUIRED);
});
