import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { qualysGuard } from '../../InputPlugins/QualysGuard.ts';
import { type CommandLine, readCommandLine } from '../../src/cli/command-line.ts';
import { commandOptionsBlock } from '../../src/cli/command-options-block.ts';
import type { Options } from '../../src/options.ts';
import { manPage } from '../../src/cli/man-page.ts';
import { NAMED_KEYS } from '../../src/config/keys.ts';
import { programName } from '../../src/cli/program-name.ts';
import { VERSION } from '../../src/version.ts';

const PLUGINS = [
  { name: 'csv', description: 'Sends a file', info: 'Reads commands.', parameters: [] },
  {
    name: 'QualysGuard',
    description: 'Brings Qualys reports',
    info: 'Needs an account.',
    parameters: [{ key: 'plugininfo', text: 'path of the YAML' }],
  },
];

const read = (...argv: string[]): CommandLine =>
  readCommandLine(argv, { name: 'qualys_connector', multiple: false }, PLUGINS);
const readMultiple = (...argv: string[]): CommandLine =>
  readCommandLine(argv, { name: 'process_multiple', multiple: true }, PLUGINS);

function optionsOf(line: CommandLine): Options {
  assert.ok(line.kind === 'run', line.kind);
  return line.options;
}

function withPassword<T>(password: string | undefined, work: () => T): T {
  const before = process.env.PKCS12_PASSWORD;
  if (password === undefined) delete process.env.PKCS12_PASSWORD;
  else process.env.PKCS12_PASSWORD = password;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env.PKCS12_PASSWORD;
    else process.env.PKCS12_PASSWORD = before;
  }
}

suite('a run', () => {
  test('has the defaults of the Perl connector and ours', () => {
    const options = withPassword(undefined, () => optionsOf(read('-server=192.0.2.1')));
    const {
      plugin,
      server,
      port,
      level,
      logformat,
      retries,
      connecttimeout,
      handshaketimeout,
      replytimeout,
    } = options;
    assert.deepEqual(
      { plugin, server, port, level, logformat, retries, connecttimeout, handshaketimeout, replytimeout },
      {
        plugin: 'QualysGuard',
        server: '192.0.2.1',
        port: 8307,
        level: 2,
        logformat: 'text',
        retries: 5,
        connecttimeout: 10,
        handshaketimeout: 30,
        replytimeout: 300,
      },
    );
    const { syslog, stderr, ipv6, insecure, legacytls, force, overlap, test: isTest } = options;
    assert.deepEqual(
      [syslog, stderr, ipv6, insecure, legacytls, force, overlap, isTest],
      Array(8).fill(false),
    );
    const { password, pkcs12, csvfile, wait, multiinfo, runondc } = options;
    assert.deepEqual([password, pkcs12, csvfile, wait, multiinfo, runondc], Array(6).fill(undefined));
  });

  test('-csvfile=- is standard output', () => {
    for (const words of [['-csvfile=-'], ['-csvfile', '-']]) {
      assert.equal(optionsOf(read(...words)).csvfile, '/dev/stdout');
    }
    assert.equal(optionsOf(read('-csvfile=./-')).csvfile, './-');
  });

  test('takes what is given, in any order', () => {
    const options = optionsOf(
      read('csv', '-PORT', '8_308', '--ser=mc', '+syslog', '-wait=0', '-level=0', '-runondc=No'),
    );
    assert.equal(options.plugin, 'csv');
    assert.equal(options.port, 8308);
    assert.equal(options.server, 'mc');
    assert.equal(options.syslog, true);
    assert.equal(options.wait, 0);
    assert.equal(options.level, 0);
  });

  test('keeps values that look like options, have "=" in them, or are an empty password', () => {
    const options = optionsOf(read('-csvfile', '-x', '-plugininfo=--a=b', '-password', ''));
    assert.equal(options.csvfile, '-x');
    assert.equal(options.plugininfo, '--a=b');
    assert.equal(options.password?.reveal(), '');
  });

  test('gets the password from the environment unless the command line says otherwise', () => {
    const password = (...argv: string[]): string | undefined =>
      withPassword('from environment', () => optionsOf(read('-server=mc', ...argv)).password?.reveal());
    assert.equal(password(), 'from environment');
    assert.equal(password('-password=given'), 'given');
    assert.equal(password('-passwordfile=file'), undefined);
  });
});

suite('several templates', () => {
  test('are the first bare word, or -multiinfo', () => {
    assert.equal(optionsOf(readMultiple('424242,535353', '-csvfile=x')).multiinfo, '424242,535353');
    assert.equal(optionsOf(readMultiple('-csvfile=x', '-m', '424242')).multiinfo, '424242');
    assert.equal(optionsOf(readMultiple('-csvfile=x', '424242', 'csv')).plugin, 'csv');
    assert.equal(optionsOf(readMultiple('-csvfile=x', '-m=424242', 'csv')).plugin, 'csv');
  });

  test('are asked for with the usage when they are missing', () => {
    const line = readMultiple('-server=mc');
    assert.ok(line.kind === 'print' && line.exitCode === 1);
    assert.match(
      line.text,
      /^\nprocess_multiple Ver\. [^]*\n\nNo report templates are named\..*\[QC1011\]\n$/,
    );
    assert.match(line.text, /\nusage: process_multiple <id,id,\.\.\.> \[options\] \[plugin\]\n/);
  });
});

const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['QC1001', ['-s', '-bogus'], /^Option s is ambiguous \(server, stderr, syslog\); Unknown option: bogus /],
  ['QC1001', ['-sever=mc'], /^Unknown option: sever \(the nearest is -server\) /],
  ['QC1001', ['-list'], /^Option list requires an argument: templates or groups or tags /],
  ['QC1002', ['-server=mc', '-level=4'], /-level=4 .* 0 to 3\./],
  ['QC1002', ['-server=mc', '-level=-1'], /0 to 3/],
  ['QC1002', ['-server=mc', '-port=0'], /1 to 65535/],
  ['QC1002', ['-server=mc', '-port=65536'], /1 to 65535/],
  ['QC1002', ['-server=mc', '-replytimeout=99999999999999999999'], /1 to 2147483/],
  ['QC1003', ['-server=mc', '-logformat=xml'], /text or json/],
  ['QC1003', ['-server=mc', '-runondc=maybe'], /n or no or y or yes/],
  ['QC1003', ['-completion=fish'], /bash or zsh/],
  ['QC1004', ['-runondc=yes'], /does not run on the Management Center itself/],
  ['QC1004', ['-runondc=y'], /does not run on the Management Center itself/],
  ['QC1005', ['-server=mc', '-insecure', `-fingerprint=${'a'.repeat(64)}`], /-insecure and -fingerprint/],
  ['QC1005', ['-server=mc', '-password=a', '-passwordfile=b'], /-password and -passwordfile/],
  ['QC1005', ['-csvfile=x', '-logfile=./x'], /-logfile and -csvfile .* same file/],
  ['QC1006', ['-server=mc', 'csv', 'QualysGuard'], /"QualysGuard" is one word too many/],
  ['QC1007', ['-server=mc', '-multiinfo=1'], /-multiinfo is an option of process-multiple/],
  ['QC1007', ['-server=mc', '-overlap'], /-overlap is an option of process-multiple/],
  ['QC1009', ['-server', '=', 'mc'], /^Option server requires an argument .*"="/],
  ['QC1009', ['-server', ''], /^Option server requires an argument/],
];

const REFUSED_MULTIPLE: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['QC1007', ['1,2', '-csvfile=x', '-report=y'], /-report is an option of qualys_connector\./],
  ['QC1012', ['1,', '2', '-csvfile=x'], /"2" stands where the plugin's name goes/],
  ['QC1013', ['1,2', '-multiinfo=1,2', '-csvfile=x'], /given twice/],
];

suite('what is refused, with exit code 2 and a code of its own', () => {
  for (const [reader, cases] of [
    [read, REFUSED],
    [readMultiple, REFUSED_MULTIPLE],
  ] as const) {
    for (const [code, argv, message] of cases) {
      test(argv.map((word) => JSON.stringify(word)).join(' '), () => {
        assert.throws(() => reader(...argv), { code, exitCode: 2, message });
      });
    }
  }

  test('never shows a password, nor a stray word that may be a part of one', () => {
    for (const argv of [
      ['-server=mc', '-password', '=', 'geheim'],
      ['-server=mc', '-password', 'Mein', 'geheim'],
      ['-server=mc', '-password', 'Mein', 'csv', 'geheim'],
      ['-password=geheim', '-bogus'],
      ['-password', 'geheim', '-level=9'],
      ['-pa=geheim', '-passwordfile=x'],
    ]) {
      assert.throws(
        () => read(...argv),
        (error: Error) => !error.message.includes('geheim'),
      );
    }
  });
});

suite('usage', () => {
  test('without options prints version and usage and at last what is missing, on standard error with exit code 1', () => {
    const line = read();
    assert.ok(line.kind === 'print');
    assert.equal(line.stream, 'stderr');
    assert.equal(line.exitCode, 1);
    assert.match(
      line.text,
      /^\nqualys_connector Ver\. [^]*\n\nClient Does Not Specify Server IP to Connect to\. .*\[QC1010\]\n$/,
    );
  });

  test("has the form of the Perl connector's", () => {
    const line = read('-help');
    assert.ok(line.kind === 'print');
    assert.equal(line.stream, 'stdout');
    assert.equal(line.exitCode, 0);
    const [theirs] = line.text.split('\nMore options');
    assert.equal(
      theirs,
      [
        '',
        `qualys_connector Ver. ${VERSION}`,
        '',
        'usage: qualys_connector [options] [plugin]',
        'Options:',
        '\t[-se]rver=<server address>',
        '\t[-po]rt=<server port>               (default: 8307)',
        '\t[-pk]cs12=<path to pkcs12 file>     (default: autodetect)',
        '\t[-pa]ssword=<pkcs12 password>       (default: none)',
        '\t[-pl]ugininfo=<any string passed into plugin module>',
        '\t[-sy]slog',
        '\t[-st]derr',
        '\t[-lo]gfile=<log file>',
        '\t[-le]vel=<log level> (3: debug, 2: info, 1: warning, 0: error)',
        '\t[-m]ultiinfo=<...>                  (process_multiple only)',
        '\t[-c]svfile=<CSV output filename>',
        '\t[-i]pv6',
        '',
      ].join('\n'),
    );
    assert.ok(
      line.text.endsWith(
        [
          '',
          'Supported Plugins:',
          '    QualysGuard:\tBrings Qualys reports',
          '\t- Info:\tNeeds an account.',
          '\t- Parameters:',
          '\t\t[plugininfo]: path of the YAML',
          '    csv:\tSends a file',
          '\t- Info:\tReads commands.',
          '',
        ].join('\n'),
      ),
    );
  });

  test('of process-multiple does not show -report, which that refuses', () => {
    for (const [line, shown] of [
      [read('-help'), true],
      [readMultiple('-help'), false],
    ] as const) {
      assert.ok(line.kind === 'print');
      assert.equal(line.text.includes('\t[-repo]rt='), shown);
    }
  });

  test('tells the keys of the YAML, and so does the manual page', () => {
    const line = readCommandLine(['-help'], { name: 'qualys_connector', multiple: false }, [qualysGuard]);
    assert.ok(line.kind === 'print');
    for (const [, key] of NAMED_KEYS) {
      assert.ok(line.text.includes(`\t\t[${key.name}]: ${key.allowed}`), key.name);
      assert.ok(manPage('qualys_connector').includes(`.TP\n\\fB${key.name}\\fR\n`), key.name);
    }
  });

  test('bracketed letters of ours are enough to mean the option', () => {
    const line = read('-help');
    assert.ok(line.kind === 'print');
    const forms = [...line.text.matchAll(/^\t\[-(\w+)\](\w*)(=?)/gm)];
    assert.ok(forms.length > 30);
    for (const [, short = '', rest = '', takesValue] of forms) {
      // It does with a name and without.
      if (short + rest === 'help') continue;
      assert.throws(() => read(`-${short}${takesValue === '=' ? '' : '=1'}`), {
        message: new RegExp(`^Option ${short}${rest} (requires|does not take) an argument`),
      });
    }
  });

  test('-h is -help, which no option of the Perl connector begins like', () => {
    assert.deepEqual(read('-h'), read('-help'));
    assert.throws(() => read('-ha'), { message: /^Option handshaketimeout requires/ });
  });

  test('-version prints name and version; -init and -completion are recognised', () => {
    assert.deepEqual(read('-v'), {
      kind: 'print',
      text: `qualys_connector Ver. ${VERSION}\n`,
      stream: 'stdout',
      exitCode: 0,
    });
    assert.deepEqual(read('-init=x'), {
      kind: 'init',
      directory: 'x',
      server: undefined,
      port: undefined,
      pkcs12: undefined,
    });
    const line = read('-completion=bash');
    assert.ok(line.kind === 'print' && line.exitCode === 0);
    assert.match(line.text, /^# bash completion/);
  });
});

suite('the name of the program', () => {
  test('is the one it was called by', () => {
    assert.equal(programName('/usr/local/bin/qualys_connector.pl', 'x'), 'qualys_connector.pl');
    assert.equal(programName('/opt/dist/bin/process-multiple.js', 'x'), 'process-multiple');
    assert.equal(programName(undefined, 'qualys_connector'), 'qualys_connector');
  });
});

suite('the Command Options block', () => {
  test('lists what has a value and hides secrets', () => {
    const lines = commandOptionsBlock(
      optionsOf(read('-server=mc', '-password=geheim', '-ipv6', '-retries=0', 'csv')),
    );
    assert.deepEqual(lines, [
      'Command Options:',
      '- plugin: csv',
      '- server: mc',
      '- port: 8307',
      '- password: ***',
      '- level: 2',
      '- ipv6: yes',
      '- retries: 0',
      '- connecttimeout: 10',
      '- handshaketimeout: 30',
      '- replytimeout: 300',
      '- logformat: text',
    ]);
  });
});
