import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { acquireRunLock, jobOf } from '../../src/run-lock.ts';
import { stageFor } from '../support/connector.ts';
import { recordingLog } from '../support/recording-log.ts';
import { runHere } from '../support/run-here.ts';
import { SMALL_REPORT } from '../support/small-report.ts';

const SCOPE = { assetGroups: ['1111', '2222'], tags: ['Data centre', 'Web', 'Test'] };

/** One for all runs: Qualys has nothing left of one of them. */
const stage = await stageFor({ after }, { hosts: 3, qualys: { scope: SCOPE } });
const plain = await readFile(stage.files.yaml, 'utf8');
await writeFile(join(stage.directory, 'report.xml'), SMALL_REPORT);

/** A run of the command with these lines in the YAML; what was launched with, and its summary. */
async function runWith(t: TestContext, yaml: readonly string[], options: readonly string[] = []) {
  await writeFile(stage.files.yaml, `${plain}${yaml.join('\n')}\n`);
  const before = stage.qualys.transcript.length;
  const words = [stage.plugininfo, '-csvfile=Output.csv', ...options];
  const ended = await runHere(t, stage.directory, words);
  const asked = stage.qualys.transcript.slice(before);
  const launch = asked.find(({ endpoint }) => endpoint === 'launch');
  const sent = Object.fromEntries(new URLSearchParams(launch?.body));
  assert.deepEqual(stage.qualys.alive(), []);
  return { ...ended, sent, asked: asked.length };
}

describe('the hosts of a report', () => {
  it('can be chosen by address and asset group at its launch, and log and summary say so', async (t) => {
    const yaml = ['ips: 10.0.0.1, 10.0.1.1 - 10.0.1.9, 10.0.2.77/24', 'asset_groups: [1111, 2222]'];
    const ended = await runWith(t, yaml);
    assert.equal(ended.code, 0, ended.stdout);
    assert.equal(ended.sent.ips, '10.0.0.1,10.0.1.1-10.0.1.9,10.0.2.0-10.0.2.255');
    assert.equal(ended.sent.asset_group_ids, '1111,2222');
    assert.equal(ended.sent.use_tags, undefined);
    const words = 'ips 10.0.0.1, 10.0.1.1-10.0.1.9, 10.0.2.0-10.0.2.255, asset groups 1111, 2222';
    assert.match(ended.stdout, new RegExp(`launched in Qualys, title \\S+, of ${words}`));
    assert.ok(ended.stdout.includes(`Summary of template 424242 (${words})`));
  });

  it('can be chosen by tags', async (t) => {
    const yaml = ['tags:', '  - Data centre', '  - Web', 'exclude_tags: Test', 'tags_match: all'];
    const { code, sent, stdout } = await runWith(t, yaml);
    assert.equal(code, 0, stdout);
    assert.deepEqual(
      { ...sent, action: '', report_title: '', template_id: '', output_format: '' },
      {
        ...{ action: '', report_title: '', template_id: '', output_format: '' },
        ...{ use_tags: '1', tag_set_by: 'name', tag_include_selector: 'all' },
        ...{ tag_set_include: 'Data centre,Web', tag_exclude_selector: 'any', tag_set_exclude: 'Test' },
      },
    );
    assert.match(stdout, /template 424242 \(tags Data centre and Web, without Test\)/);
  });

  it('tell one run from another: only the same hosts meet the lock, which names them', async (t) => {
    await writeFile(stage.files.yaml, `${plain}tags: Web\n`);
    const words = [stage.plugininfo, '-csvfile=Output.csv'];
    const to = { csvfile: join(stage.directory, 'Output.csv'), server: undefined, port: 8307 };
    const job = (label: string) => jobOf(to, [label]);
    const options = { wait: undefined, signal: t.signal, log: recordingLog() };
    const other = await acquireRunLock(await job('template 424242'), options);
    t.after(() => {
      other.release();
    });
    assert.equal((await runHere(t, stage.directory, words)).code, 0);
    const same = await acquireRunLock(await job('template 424242 (tags Web)'), options);
    t.after(() => {
      same.release();
    });
    const { code, stdout } = await runHere(t, stage.directory, words);
    assert.equal(code, 4, stdout);
    assert.match(stdout, /Another run for .*, template 424242 \(tags Web\) is going on.*QC7001/);
  });

  it('that Qualys does not know are told in its words', async (t) => {
    const { code, stdout } = await runWith(t, ['tags: web']);
    assert.equal(code, 2);
    assert.match(stdout, /tag_set_include has invalid value: web .*\[QC3025\]/);
  });

  for (const [line, message] of [
    ['ips: 10.0.0.300', /Invalid value '10\.0\.0\.300' for key 'ips'.*QC2006/],
    ['ips: 10.0.0.9-10.0.0.1', /for key 'ips'.*QC2006/],
    ['ips: 10.0.0.0/33', /for key 'ips'.*QC2006/],
    ['ips: 10.0.0.0/0', /for key 'ips'.*QC2006/],
    ['ips: 2001:db8::1', /for key 'ips'.*QC2006/],
    ['ips: 10.0.0.1,,10.0.0.2', /for key 'ips'.*QC2006/],
    ['asset_groups: Servers', /for key 'asset_groups'.*QC2006/],
    ['tags: Web,', /for key 'tags'.*QC2006/],
    ['tags: [Web, " "]', /for key 'tags'.*QC2006/],
    ['exclude_tags: Test', /required key : tags .*QC2005/],
    ['ips: 10.0.0.1\ntags: Web', /'ips' and 'tags' both say which hosts.*QC2007/],
    ['ips: 10.0.0.1\napi: v1', /line \d+: 'ips' chooses hosts .* with api: v1 none is.*QC2009/],
  ] as const) {
    it(`are refused before anything is sent: ${line.replaceAll('\n', ', ')}`, async (t) => {
      const { code, stdout, asked } = await runWith(t, [line]);
      assert.equal(code, 2);
      assert.match(stdout, message);
      assert.equal(asked, 0);
    });
  }

  it('of a report from disk are its own', async (t) => {
    const { code, stdout } = await runWith(t, ['tags: Web'], ['-report=report.xml']);
    assert.equal(code, 2);
    assert.match(stdout, /'tags' chooses hosts when a report is launched, and with -report none is.*QC2009/);
  });
});
