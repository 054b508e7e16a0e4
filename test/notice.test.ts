import assert from 'node:assert/strict';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { STAGE } from '../src/simulators/stage.ts';
import { hostXml, reportXml } from './support/asset-report.ts';
import { stageFor, type TestStage } from './support/connector.ts';
import { runHere } from './support/run-here.ts';

/** A program that writes down what it was told, one more line each time that it is run. */
async function witness(
  stage: TestStage,
  end = '',
): Promise<{ program: string; told: () => Promise<string[]> }> {
  const program = join(stage.directory, 'notify');
  const file = join(stage.directory, 'told');
  const line = '"$1|$QC_EXIT_CODE|$QC_CODE|$QC_SENTENCE|$QC_SUMMARY|$(env | grep -c PASSWORD)"';
  await writeFile(program, `#!/bin/sh\necho ${line} >> '${file}'\n${end}`);
  await chmod(program, 0o755);
  const told = (): Promise<string[]> =>
    readFile(file, 'utf8').then(
      (text) => text.trim().split('\n'),
      () => [],
    );
  return { program, told };
}

async function addToYaml(stage: TestStage, ...lines: readonly string[]): Promise<void> {
  await writeFile(stage.files.yaml, `${await readFile(stage.files.yaml, 'utf8')}${lines.join('\n')}\n`);
}

suite('a run that fails', () => {
  test('tells the command of on_failure once, with code, sentence and summary, and no secret', async (t) => {
    const stage = await stageFor(t);
    const { program, told } = await witness(stage);
    await addToYaml(stage, `on_failure: [${program}, $HOME]`);
    await stage.managementCenter.close();
    const summary = join(stage.directory, 'summary.json');
    const ended = await runHere(t, stage.directory, [...stage.toServer, '-summary=summary.json']);
    assert.equal(ended.code, 1, ended.output);
    assert.match(ended.output, /\[INFO\] Told .*\/notify of the failure$/m);
    const lines = await told();
    assert.equal(lines.length, 1);
    const [word, exitCode, code, sentence, path, passwords] = lines[0]?.split('|') ?? [];
    assert.deepEqual([word, exitCode, code, path, passwords], ['$HOME', '1', 'QC5103', summary, '0']);
    assert.match(sentence ?? '', /^Can not Connect to Server: .*\[QC5103\]$/);
    assert.ok(!lines[0]?.includes(STAGE.pkcs12Password));
  });

  test('says why somebody should look where all was delivered', async (t) => {
    const stage = await stageFor(t);
    const { program, told } = await witness(stage);
    const report = join(stage.directory, 'report.xml');
    const night = async (hosts: number): Promise<number | null> => {
      const all = Array.from({ length: hosts }, (_, index) => hostXml(`192.0.2.${index + 1}`, [{ qid: 1 }]));
      await writeFile(report, reportXml(all, []));
      const options = ['-report=report.xml', '-state=state', '-changed', `-onfailure=${program}`];
      return (await runHere(t, stage.directory, [...stage.toServer, ...options])).code;
    };
    assert.deepEqual([await night(10), await night(2)], [0, 3]);
    assert.match((await told()).join(), /^\|3\|\|8 of 10 hosts are gone since last time: 80 %.*\[QC6104\]/);
  });

  test('tells it also where the YAML has other faults', async (t) => {
    const stage = await stageFor(t);
    const { program, told } = await witness(stage);
    await addToYaml(stage, `on_failure: ${program}`, 'add_hots: y');
    const ended = await runHere(t, stage.directory, stage.toServer);
    assert.equal(ended.code, 2, ended.output);
    assert.match((await told()).join(), /^\|2\|QC2004\|/);
  });

  test('tells the program of -onfailure in its place, of complaints too', async (t) => {
    const stage = await stageFor(t, {
      managementCenter: {
        faults: ({ connection, block }) =>
          connection === 2 && block === 1 ? { does: 'answer', text: 'line 3: no such host\n' } : undefined,
      },
    });
    const { program, told } = await witness(stage);
    await addToYaml(stage, 'on_failure: [qc-is-not-there]');
    const ended = await runHere(t, stage.directory, [...stage.toServer, `-onfailure=${program}`]);
    assert.equal(ended.code, 3, ended.output);
    assert.deepEqual(await told(), [
      '|3||The Management Center complained of some of what was delivered.||0',
    ]);
  });

  test('tells that the command was in vain, and ends as it would have without', async (t) => {
    const stage = await stageFor(t);
    const { program } = await witness(stage, 'echo "no\tmailer" >&2\nexit 75\n');
    await rm(stage.files.pkcs12);
    const ended = await runHere(t, stage.directory, [...stage.toServer, `-onfailure=${program}`]);
    assert.equal(ended.code, 2, ended.output);
    assert.match(
      ended.output,
      /\[WARNING\] Nobody was told of the failure by .*: it ended with exit code 75\. It said: no mailer .*\[QC6311\]\n$/,
    );
  });
});

test('a run that does all it had to tells nobody', async (t) => {
  const stage = await stageFor(t);
  const { program, told } = await witness(stage);
  const ended = await runHere(t, stage.directory, [...stage.toServer, `-onfailure=${program}`]);
  assert.equal(ended.code, 0, ended.output);
  assert.deepEqual(await told(), []);
});

test('-onfailure is a path from the root, or a name in PATH', async (t) => {
  const stage = await stageFor(t);
  for (const word of ['./notify', 'bin/notify']) {
    const ended = await runHere(t, stage.directory, [...stage.toServer, `-onfailure=${word}`]);
    assert.equal(ended.code, 2);
    assert.match(ended.output, /is neither an absolute path nor the name of a program\. .*\[QC1020\]/);
  }
});
