import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, test, type TestContext } from 'node:test';
import { PLUGINS } from '../InputPlugins/index.ts';
import { readCommandLine } from '../src/cli/command-line.ts';
import { printList } from '../src/list.ts';
import { STAGE } from '../src/simulators/stage.ts';
import { stageFor } from './support/connector.ts';
import { recordingLog } from './support/recording-log.ts';

async function listed(words: readonly string[]): Promise<string> {
  const program = { name: 'qualys_connector', multiple: false };
  const line = readCommandLine([...words, '-list=templates'], program, PLUGINS);
  assert.ok(line.kind === 'run');
  let printed = '';
  const print = (text: string): Promise<void> => Promise.resolve(void (printed += text));
  await printList(line.options, line.plugin, recordingLog(), print);
  return printed;
}

async function stage(t: TestContext) {
  const templates = [
    { id: '1234567', title: 'Night\u009bly', templateType: 'Scan' },
    { id: '9', title: 'Patches', templateType: 'Patch' },
  ];
  const made = await stageFor(t, { qualys: { templates } });
  const yaml = await readFile(made.files.yaml, 'utf8');
  await writeFile(made.files.yaml, yaml.replace(/^template_id: .*$/m, ''));
  return made;
}

suite('-list=templates', () => {
  test('prints a table of what the account has, and launches nothing', async (t) => {
    const { plugininfo, qualys } = await stage(t);
    const printed = await listed([plugininfo]);
    assert.match(
      printed,
      /^ID {7}TYPE +USABLE +TITLE\n1234567 {2}Auto\/Scan +yes +Night.*ly\n9 {8}Auto\/Patch +no +Patches\n$/,
    );
    assert.doesNotMatch(printed, /\u009b/);
    assert.equal(qualys.launches, 0);
  });

  test('prints an object a line with -logformat=json', async (t) => {
    const { plugininfo } = await stage(t);
    const [first, second] = (await listed([plugininfo, '-logformat=json'])).trim().split('\n');
    assert.equal((JSON.parse(first ?? '') as { readonly id: string }).id, '1234567');
    assert.deepEqual(JSON.parse(second ?? ''), {
      id: '9',
      type: 'Auto/Patch',
      usable: 'no',
      title: 'Patches',
    });
  });

  test('tells a wrong password, and a plugin that has nothing', async (t) => {
    const { plugininfo, files } = await stage(t);
    const yaml = await readFile(files.yaml, 'utf8');
    await writeFile(files.yaml, yaml.replace(/^password: .*$/m, 'password: wrong'));
    const error: unknown = await listed([plugininfo]).catch((reason: unknown) => reason);
    assert.match(String(error), /\[QC3021\]/);
    assert.ok(!String(error).includes(STAGE.password));
    await assert.rejects(listed(['csv']), { code: 'QC1023' });
  });
});
