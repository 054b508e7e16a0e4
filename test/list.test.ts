import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { suite, test, type TestContext } from 'node:test';
import { PLUGINS } from '../InputPlugins/index.ts';
import { readCommandLine } from '../src/cli/command-line.ts';
import { printList } from '../src/list.ts';
import { AddressRanges } from '../src/simulators/qualys/detection/address-ranges.ts';
import { SampleHosts } from '../src/simulators/sample-hosts.ts';
import { STAGE } from '../src/simulators/stage.ts';
import { stageFor } from './support/connector.ts';
import { recordingLog } from './support/recording-log.ts';

async function listed(words: readonly string[], what = 'templates'): Promise<string> {
  const program = { name: 'qualys_connector', multiple: false };
  const line = readCommandLine([...words, `-list=${what}`], program, PLUGINS);
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

const assets = (count: number, first: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(first + index),
    name: `Number ${index} & more`,
    addresses: new AddressRanges('192.0.2.0-192.0.2.255'),
  }));

suite('-list=groups and -list=tags', () => {
  test('print all pages of them, and ask nobody else for the next one', async (t) => {
    const detections = {
      hosts: new SampleHosts({ hosts: 1 }),
      assetGroups: assets(2_100, 1_000),
      tags: assets(1_001, 7_000_000),
    };
    const { plugininfo, qualys } = await stageFor(t, { qualys: { detections } });
    const groups = (await listed([plugininfo], 'groups')).split('\n');
    assert.deepEqual(groups.slice(0, 2), ['ID    TITLE', '1000  Number 0 & more']);
    assert.equal(groups.length, 2_102);
    const tags = (await listed([plugininfo, '-logformat=json'], 'tags')).trim().split('\n');
    assert.equal(tags.length, 1_001);
    assert.deepEqual(JSON.parse(tags[1_000] ?? ''), { id: '7001000', name: 'Number 1000 & more' });
    assert.equal(qualys.transcript.filter(({ endpoint }) => endpoint === 'groups').length, 3);
    assert.equal(qualys.transcript.filter(({ endpoint }) => endpoint === 'tags').length, 2);
    assert.equal(qualys.launches, 0);
  });

  test('an account without the interface for tags is told where they are to be seen', async (t) => {
    const detections = { hosts: new SampleHosts({ hosts: 1 }) };
    const { plugininfo } = await stageFor(t, { qualys: { detections } });
    await assert.rejects(listed([plugininfo], 'tags'), {
      code: 'QC6350',
      message: /HTTP 404.*web interface \(Assets, Tags\)/,
    });
    assert.equal(await listed([plugininfo], 'groups'), 'ID  TITLE\n');
  });
});
