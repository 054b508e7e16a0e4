import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { KEYS } from '../../src/config/keys.ts';
import { yamlEntries } from '../../src/config/yaml-entries.ts';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { serverMeant } from '../../src/init/account.ts';
import { wordsOf } from '../../src/init/words.ts';
import { readEarlierRun, valueIn } from '../../src/init/earlier-run.ts';
import { plannedFiles } from '../../src/init/files.ts';
import { filledYaml, isFillable } from '../../src/init/yaml.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

suite('what -init makes of answers', () => {
  test('whatever is written into the YAML is read from it as it was', async (t) => {
    const shipped = await readFile(new URL('../../InputPlugins/QualysGuard.yaml', import.meta.url), 'utf8');
    const keys = shipped.replaceAll(/^(?:#.*)?\n/gm, '');
    const file = join(await temporaryDirectory(t), 'QualysGuard.yaml');
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => !/[\p{Cc}\p{Cs}\p{Co}\p{Cn}\ufeff]/u.test(text) && text.trim() === text);
    const name = word.filter((text) => KEYS.userId.read(text) !== undefined);
    await fc.assert(
      fc.asyncProperty(name, word, async (userId, argument) => {
        const passwordCommand = ['pass', argument];
        const servers = [{ address: '10.0.0.1', port: '8308', pkcs12: `/${argument}` }, { address: '[::1]' }];
        await writeFile(file, filledYaml(keys, { userId, passwordCommand, templateId: '7', servers }, '/'));
        const config = await readQualysConfig(file, ['userId', 'templateId']);
        assert.equal(config.userId, userId);
        assert.deepEqual(config.passwordCommand, passwordCommand);
        const [first, second] = (config.servers ?? []).map((server) => typeof server !== 'string' && server);
        assert.deepEqual(
          [first && first.port, first && first.pkcs12, second && second.address],
          [8308, resolve(`/${argument}`), '[::1]'],
        );
      }),
      { numRuns: 100 },
    );
  });

  test('a key is changed where it stands, and everything else stays as a person wrote it', () => {
    const text = [
      '---',
      '# ours',
      'UserName: "me # 1"\t# mine',
      'password_command:',
      '  - pass',
      '  # of the scanner',
      '  - show',
      '',
      '# Where.',
      'template: 7#8 # old',
      'exclude_hosts: [10.0.0.1,',
      '  10.0.0.2] # two',
    ].join('\r\n');
    const values = { userId: "it's", passwordCommand: ['cat', 'x'], templateId: '77', addHost: 'n' } as const;
    assert.equal(
      filledYaml(text, { ...values, excludeHosts: '10.0.0.1,10.0.0.2', proxy: 'p:3128', clientId: '' }, '/'),
      [
        '---',
        '# ours',
        "UserName: 'it''s'\t# mine",
        '# of the scanner',
        'password_command: [cat, x]',
        '',
        '# Where.',
        'template: 77 # old',
        'exclude_hosts: [10.0.0.1,',
        '  10.0.0.2] # two',
        "proxy: 'p:3128'",
        '',
      ].join('\r\n'),
    );
    assert.ok(isFillable(text));
    for (const other of ['{user_id: me, template_id: 7}', '  user_id: me', '? user_id\n: me']) {
      assert.ok(!isFillable(other), other);
    }
  });

  test('in whatever YAML a key is changed, all others say what they said', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,10}[A-Za-z0-9]$/);
    const written = fc.constantFrom<(key: string, a: string, b: string, comment: string) => string>(
      (key, a, _, comment) => `${key}: ${a}${comment}`,
      (key, a, b, comment) => `${key}: '${a} # ${b}'${comment}`,
      (key, a, b, comment) => `"${key}" : "${a}\\" # ${b}"${comment}`,
      (key, a, b, comment) => `${key}:${comment}\n  - ${a}\n  # in it\n  - ${b}`,
      (key, a, b, comment) => `${key}: [${a},\n  '${b}']${comment}`,
      (key, a, b, comment) => `${key}: |${comment}\n  ${a}: # x\n  ${b}\n`,
      (key, a, b, comment) => `${key}: ${a}\n  ${b}${comment}`,
      (key, _a, _b, comment) => `${key}:${comment}`,
    );
    const comment = fc.constantFrom('', ' # c', "\t# it's");
    const between = fc.constantFrom('', '# line\n', '  # indented\n', '\n');
    const keys = ['user_id', 'template_id', 'exclude_hosts', 'password_command', 'proxy', 'qualys_ca'];
    const entry = (key: string) =>
      fc
        .tuple(between, written, word, word, comment)
        .map(([before, form, a, b, after]) => before + form(key, a, b, after));
    const yaml = fc
      .tuple(fc.shuffledSubarray(keys, { minLength: 1 }), fc.constantFrom('', '---\n'), between)
      .chain(([some, head, end]) =>
        fc.tuple(...some.map(entry)).map((entries) => `${head}${entries.join('\n')}\n${end}`),
      );
    const values = fc.record(
      {
        userId: fc.oneof(word, fc.constant('')),
        passwordCommand: fc.oneof(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constant('')),
        excludeHosts: fc.constantFrom('10.0.0.1,10.0.0.2', ''),
        proxy: fc.constantFrom('p:3128', ''),
      },
      { requiredKeys: [] },
    );
    const said = (text: string, key: string) => {
      const entry = yamlEntries(text, '').find((one) => one.key === key);
      return JSON.stringify(entry, (name, value: unknown) => (name === 'line' ? undefined : value));
    };
    // An indented one may be part of a text.
    const comments = (text: string) => text.match(/^#/gm)?.length ?? 0;
    fc.assert(
      fc.property(yaml, values, (text, answers) => {
        const changed = filledYaml(text, answers, '/');
        const answered: string[] = Object.keys(answers).map(
          (name) => KEYS[name as keyof typeof answers].name,
        );
        for (const key of keys.filter((one) => !answered.includes(one))) {
          assert.equal(said(changed, key), said(text, key));
        }
        if (answers.userId) assert.equal(KEYS.userId.read(valueOf(changed, 'user_id')), answers.userId);
        assert.ok(comments(changed) >= comments(text));
      }),
      { numRuns: 300 },
    );
  });

  test('whatever is written for cron and systemd is read from it as it was', async (t) => {
    const directory = await temporaryDirectory(t);
    // No line break, which stands in no path that -init takes.
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => !/\p{Cc}/u.test(text));
    const schedule = { hour: fc.nat(23), minute: fc.nat(59) };
    await fc.assert(
      fc.asyncProperty(word, word, fc.record(schedule), async (host, name, at) => {
        const center = {
          host,
          port: '8308',
          certificate: { from: `/${name}`, stays: true, password: { kind: 'kept', path: `/p ${name}` } },
        } as const;
        const plan = {
          directory,
          earlier: undefined,
          centers: [center],
          yaml: {},
          qualysSecret: { kind: 'none' },
          extras: ['crontab', 'systemd'],
          schedule: at,
        } as const;
        const files = plannedFiles(plan, () => '').filter(({ path }) => dirname(path) === directory);
        for (const { path, content } of files) await writeFile(path, content);
        const run = readEarlierRun(directory);
        for (const words of [run.crontab, run.systemd]) {
          assert.deepEqual(
            ['server', 'port', 'pkcs12', 'passwordfile'].map((option) => valueIn(words, option)),
            [host, '8308', `/${name}`, `/p ${name}`],
          );
        }
        assert.deepEqual([run.schedule, run.extras], [{ ...at }, ['crontab', 'systemd']]);
      }),
      // Not only a line feed ends a line of a regular expression.
      { numRuns: 100, examples: [['h', 'a\u2028b', { hour: 0, minute: 0 }]] },
    );
  });

  test('a command is parted at blanks, but within quotes', () => {
    assert.deepEqual(wordsOf(`  pass  show "a b"'c' d`), ['pass', 'show', 'a bc', 'd']);
    assert.deepEqual(wordsOf('/bin/cat ""'), ['/bin/cat', '']);
    for (const none of ['', `cat 'x`, 'bin/cat x', `"`]) assert.equal(wordsOf(none), undefined, none);
  });

  test('a platform is meant by its number, its web address, or its API server', () => {
    for (const [answer, server] of [
      ['1', 'qualysapi.qualys.com'],
      ['14', 'qualysapi.qg1.apps.qualysksa.com'],
      ['https://qualysguard.qg2.apps.qualys.eu/fo/login.php', 'qualysapi.qg2.apps.qualys.eu'],
      ['gateway.qg1.apps.qualys.com', 'qualysapi.qualys.com'],
      ['QualysAPI.corp.example:8443', 'qualysapi.corp.example:8443'],
    ] as const) {
      assert.equal(serverMeant(answer), server);
    }
    for (const none of ['0', '15', 'http://qualysapi.qualys.com', 'a b', '']) {
      assert.equal(serverMeant(none), undefined, none);
    }
  });
});

function valueOf(text: string, key: string): string {
  return yamlEntries(text, '').find((entry) => entry.key === key)?.value ?? '';
}
