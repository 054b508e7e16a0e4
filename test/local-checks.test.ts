import assert from 'node:assert/strict';
import { access, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { PLUGINS } from '../InputPlugins/index.ts';
import { readCommandLine } from '../src/cli/command-line.ts';
import { checkLocally } from '../src/local-checks.ts';
import { STAGE } from '../src/simulators/stage.ts';
import { stageFor, type TestStage } from './support/connector.ts';
import { recordingLog } from './support/recording-log.ts';
import { withEnvironment } from './support/with-environment.ts';

/** What -check prints of these words, and its exit code. */
async function checked(
  t: TestContext,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  multiple = false,
): Promise<{ code: number; printed: string; failed: string[] }> {
  withEnvironment(t, { PKCS12_PASSWORD: STAGE.pkcs12Password, ...env });
  const program = { name: multiple ? 'process-multiple' : 'qualys_connector', multiple };
  const line = readCommandLine([...words, '-check'], program, PLUGINS);
  assert.ok(line.kind === 'check');
  let printed = '';
  const code = await checkLocally(line, recordingLog(), (text) => Promise.resolve(void (printed += text)));
  const failed = printed.match(/^FAILED +\S.*?(?= {2})/gm)?.map((text) => text.replace(/^FAILED +/, ''));
  return { code, printed, failed: failed ?? [] };
}

async function editYaml(stage: TestStage, edit: (text: string) => string): Promise<void> {
  await writeFile(stage.files.yaml, edit(await readFile(stage.files.yaml, 'utf8')));
}

suite('-check', () => {
  test('finds nothing wrong where nothing is, and asks no server', async (t) => {
    const stage = await stageFor(t);
    const log = join(stage.directory, 'connector.log');
    const { code, printed } = await checked(t, [...stage.toServer, `-logfile=${log}`]);
    assert.equal(code, 0, printed);
    for (const name of [
      'command line',
      'configuration',
      'secret',
      'certificate file',
      'certificate validity',
      'log file',
    ]) {
      assert.match(printed, new RegExp(`^ok +${name}  `, 'm'));
    }
    assert.match(printed, /\nnothing is wrong that can be seen without the network\n$/);
    assert.equal(stage.qualys.transcript.length, 0);
    await assert.rejects(access(log));
  });

  test('tells all that is wrong at once: options, YAML, files, commands', async (t) => {
    const stage = await stageFor(t);
    await editYaml(stage, (text) =>
      text
        .replace(
          /^password: .*$/m,
          `password_file: none\nqualys_ca: ${stage.files.pkcs12}\nreport_dir: /proc/none\non_failure: [qc-is-not-there, s3cret]`,
        )
        .replace(/^qualys_ca: qualys-ca.pem$/m, ''),
    );
    await writeFile(stage.files.pkcs12, 'no certificate');
    await symlink(stage.files.yaml, join(stage.directory, 'summary.json'));
    const { code, printed, failed } = await checked(t, [
      ...stage.toServer,
      '-level=7',
      '-logformat=xml',
      '-fingerprint=x',
      '-nosuch',
      '-csvfile=/proc/none/a.csv',
      `-summary=${join(stage.directory, 'summary.json')}`,
    ]);
    assert.equal(code, 2);
    assert.deepEqual(
      failed,
      [
        ...['command line', 'command line', 'command line', 'command line'],
        ...['secret', 'on_failure', 'report_dir', 'qualys_ca'],
        ...['certificate file', 'outputs', 'CSV file'],
      ],
      printed,
    );
    for (const code of [
      'QC1001',
      'QC1002',
      'QC1003',
      'QC5030',
      'QC1201',
      'QC6321',
      'QC6322',
      'QC3005',
      'QC1005',
    ]) {
      assert.match(printed, new RegExp(`\\[${code}\\]`));
    }
    assert.doesNotMatch(printed, /s3cret/);
    assert.match(printed, /\n11 of \d+ failed\n$/);
  });

  test('tells of two options that cannot be given together, and every fault of the YAML', async (t) => {
    const stage = await stageFor(t);
    await editYaml(stage, (text) => `${text}add_hots: y\nmin_severity: 9\n`);
    const { printed, failed } = await checked(t, [
      ...stage.toServer,
      '-insecure',
      `-fingerprint=${'ab'.repeat(32)}`,
      '-test',
    ]);
    assert.deepEqual(failed, ['command line', 'command line', 'configuration'], printed);
    assert.match(printed, /2 things are wrong .*\n.*\[QC2004\]\n.*\[QC2006\]/);
  });

  test('tries every place that a run writes to, and makes none', async (t) => {
    const stage = await stageFor(t);
    const at = (name: string): string => join(stage.directory, name);
    const words = ['-summary=new/s.json', '-page=new/p.html', '-metrics=new/m.prom', '-state=new/state'].map(
      (word) => word.replace('=', `=${stage.directory}/`),
    );
    const sound = await checked(t, [...stage.toServer, ...words, '-onfailure=sh', '-changed']);
    assert.equal(sound.code, 0, sound.printed);
    await assert.rejects(access(at('new')));

    await writeFile(at('file'), '#!/bin/sh\n');
    const { printed, failed, code } = await checked(t, [
      ...stage.toServer,
      `-state=${at('file')}`,
      `-page=${stage.directory}`,
      '-metrics=/proc/none/m.prom',
      `-summary=${at('file')}/s.json`,
      '-logfile=/proc/none/log',
      `-onfailure=${at('file')}`,
    ]);
    assert.equal(code, 2);
    assert.deepEqual(
      failed,
      ['log file', 'summary', 'page', 'file of metrics', 'state', '-onfailure'],
      printed,
    );
    assert.match(printed, /may not be run\. .*chmod \+x .*file\. \[QC6323\]$/m);
    assert.match(printed, /^FAILED +state .*\[QC6101\]$/m);
    const missing = await checked(t, [...stage.toServer, '-onfailure=qc-is-not-there']);
    assert.deepEqual(missing.failed, ['-onfailure'], missing.printed);
  });

  test('tells what an option lacks', async (t) => {
    const stage = await stageFor(t);
    const alone = await checked(t, [...stage.toServer, '-changed']);
    assert.match(alone.printed, /^FAILED +command line .*\[QC1026\]$/m);
    const csv = ['-csvfile=o.csv', stage.plugininfo];
    const ofNone = await checked(t, [...csv, `-state=${stage.directory}/none`]);
    assert.deepEqual(ofNone.failed, ['command line'], ofNone.printed);
    assert.match(ofNone.printed, /\[QC1025\]$/m);
    const onlyRead = await checked(t, [...csv, '-server=mc.example', `-state=${stage.files.yaml}`]);
    assert.match(onlyRead.printed, /^FAILED +state .*\[QC6101\]$/m);
  });

  test('runs no command that gives a secret', async (t) => {
    const stage = await stageFor(t);
    const witness = join(stage.directory, 'ran');
    await editYaml(stage, (text) =>
      text.replace(
        /^password: .*$/m,
        `password_command: [touch, ${witness}]\npkcs12_password_command: [touch, ${witness}]`,
      ),
    );
    const { code, printed } = await checked(t, stage.toServer, { PKCS12_PASSWORD: undefined });
    assert.equal(code, 0, printed);
    assert.match(printed, /^ok +certificate file +.* not opened, since a command gives its password$/m);
    assert.match(printed, /^ok +password_command +\/.*\/touch is there; it is not run$/m);
    await assert.rejects(access(witness));
  });

  test('looks at the ids of process-multiple, a report from disk, and a file of commands', async (t) => {
    const stage = await stageFor(t);
    const ids = await checked(t, ['424242,x', ...stage.toServer], {}, true);
    assert.deepEqual(ids.failed, ['template ids'], ids.printed);
    const none = await checked(t, stage.toServer, {}, true);
    assert.match(none.printed, /^FAILED +command line +No report templates are named\./m);
    const report = await checked(t, [stage.plugininfo, '-report=/none.xml']);
    assert.deepEqual(report.failed, ['report file'], report.printed);
    const file = join(stage.directory, 'commands.csv');
    await writeFile(file, 'SetSource,x\nNoSuchCommand\n');
    const commands = await checked(t, [`-plugininfo=${file}`, '-csvfile=o.csv', 'csv']);
    assert.deepEqual(commands.failed, ['Command file'], commands.printed);
    await rm(file);
    const missing = await checked(t, [`-plugininfo=${file}`, '-csvfile=o.csv', 'csv']);
    assert.deepEqual(missing.failed, ['Command file'], missing.printed);
  });
});
