import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, fstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { createSpool } from '../../../src/qualys/spool/spool.ts';
import { StoredFile } from '../../../src/qualys/spool/stored-file.ts';
import { makeFakeClock } from '../../support/fake-clock.ts';
import { openRoom, PASSWORD, type QualysRoom, USER } from '../../support/qualys-room.ts';
import { SMALL_REPORT } from '../../support/small-report.ts';
import { withoutRoot } from '../../support/without-root.ts';
import { withEnvironment } from '../../support/with-environment.ts';

describe('where the report is stored', () => {
  it('a kept report bears template and time, is private, and stays', async (t) => {
    const room = await openRoom(t);
    const report = await room.download({ keepReport: true });
    assert.equal(report.keep, true);
    assert.match(path.basename(report.name), /^424242_20260131T0200\d\dZ\.xml$/);
    assert.equal(statSync(report.name).mode & 0o777, 0o600);
    await report.close();
    assert.equal(readFileSync(report.name, 'utf8'), SMALL_REPORT);
    assert.equal(room.spooled().length, 1);
    assert.match(room.log.messages('info').at(-1) ?? '', /kept as/);
  });

  it('two kept reports of one second do not overwrite each other', async (t) => {
    const room = await openRoom(t);
    writeFileSync(path.join(room.directory, '424242_20260131T020000Z.xml'), 'the first');
    await room.download({ keepReport: true });
    assert.deepEqual(room.spooled().toSorted(), [
      '424242_20260131T020000Z-2.xml',
      '424242_20260131T020000Z.xml',
    ]);
    assert.equal(readFileSync(path.join(room.directory, '424242_20260131T020000Z.xml'), 'utf8'), 'the first');
  });

  for (const where of ['report_dir', 'the directory for temporary files']) {
    it(`one that is not kept has no name in ${where}, at no time`, async (t) => {
      const room = await openRoom(t, { zip: true });
      withEnvironment(t, { TMPDIR: room.directory });
      const seen: string[] = [];
      room.simulator.events.on('request', () => seen.push(...room.spooled()));
      const report = await room.download(where === 'report_dir' ? {} : { reportDir: undefined });
      assert.deepEqual([seen, room.spooled()], [[], []]);
      assert.equal(fstatSync(report.descriptor).nlink, 0);
      assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
      await report.close();
      await report.close();
    });
  }

  it('a template id is no way out of the directory', async (t) => {
    const room = await openRoom(t, { templates: [{ id: '../../x', title: 'Sly' }] });
    const report = await room.download({ templateId: '../../x', keepReport: true });
    assert.equal(path.dirname(report.name), room.directory);
  });
});

describe('a directory that cannot be used', () => {
  it('does not exist: told before anything is launched', async (t) => {
    const room = await openRoom(t);
    await assert.rejects(
      room.download({ reportDir: path.join(room.directory, 'none') }),
      /none: it does not exist.*report_dir.*QC3051/,
    );
    assert.equal(room.simulator.transcript.length, 0);
  });

  it('is a file', async (t) => {
    const room = await openRoom(t);
    const file = path.join(room.directory, 'file');
    writeFileSync(file, '');
    await assert.rejects(room.download({ reportDir: file }), /not a directory.*QC3051/);
  });

  it('may not be written to', async (t) => {
    const room = await openRoom(t);
    const sealed = path.join(room.directory, 'sealed');
    mkdirSync(sealed);
    chmodSync(sealed, 0o500);
    for (const open of [room.directory, path.dirname(room.config.qualysCa ?? '')]) chmodSync(open, 0o755);
    await withoutRoot(() => assert.rejects(room.download({ reportDir: sealed }), /may not write.*QC3051/));
  });
});

describe('a disk without room', () => {
  it(
    'is told, with how far it went',
    { skip: !existsSync('/dev/full') && 'no /dev/full here' },
    async (t) => {
      const full = await open('/dev/full', 'w');
      t.after(() => full.close());
      const chunks = Readable.from([Buffer.from('<ASSET_DATA_REPORT>')]);
      await assert.rejects(
        new StoredFile(full, '/dev', 100).store(chunks),
        /to \/dev beyond 0 bytes: the disk is full \(ENOSPC\).*report_dir.*QC3052/,
      );
    },
  );

  it('ends the download, deletes the report in Qualys and leaves nothing behind', async (t) => {
    const row = `<HOST>${'x'.repeat(1000)}</HOST>`;
    const room = await openRoom(t, {
      report: () => ['<ASSET_DATA_REPORT>', ...new Array<string>(100).fill(row), '</ASSET_DATA_REPORT>'],
    });
    const { status, output } = await runLimited(room);
    assert.equal(status, 0, output);
    assert.match(output, /could not be written.*EFBIG.*QC3052/);
    assert.deepEqual(room.spooled(), []);
    assert.deepEqual(room.simulator.alive(), []);
  });
});

/** Downloads in a child process that may not write files larger than 16 KB. */
async function runLimited(room: QualysRoom): Promise<{ status: number | null; output: string }> {
  const script = `
    import { downloadReport } from ${compiled('src/qualys/download-report.js')};
    import { recordingLog } from ${compiled('test/support/recording-log.js')};
    import { noProgress } from ${compiled('src/progress.js')};
    import { makeConfig, userLogin } from ${compiled('test/support/qualys-room.js')};
    const config = makeConfig({ ...JSON.parse(process.env.CONFIG), login: userLogin(process.env.USER_ID, process.env.PASSWORD) });
    const signal = new AbortController().signal;
    await downloadReport(config, { log: recordingLog(), progress: noProgress, signal, env: {} }).catch((error) => console.log(error.message));
  `;
  const env = {
    ...process.env,
    SCRIPT: script,
    CONFIG: JSON.stringify({ ...room.config, pollInterval: 0.01, reportVersions: undefined }),
    USER_ID: USER,
    PASSWORD,
  };
  const child = spawn('bash', ['-c', 'ulimit -f 16; exec node --input-type=module -e "$SCRIPT"'], { env });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { status: child.exitCode, output };
}

describe('a report that is too large', () => {
  for (const [form, simulated] of Object.entries({
    plain: { gzip: false },
    'of unknown length': { gzip: false, contentLength: false },
    gzipped: { gzip: true },
    zipped: { zip: true },
  })) {
    it(`is refused and leaves nothing behind, ${form}`, async (t) => {
      const rows = new Array<string>(1000).fill('<HOST></HOST>');
      const report = (): string[] => ['<ASSET_DATA_REPORT>', ...rows, '</ASSET_DATA_REPORT>'];
      const room = await openRoom(t, { ...simulated, report });
      await assert.rejects(room.download({ reportLimit: 10_000 }), /larger than 10,000 bytes.*QC3053/);
      assert.deepEqual(room.spooled(), []);
      assert.deepEqual(room.simulator.alive(), []);
    });
  }

  it('for the disk is told before it is stored', async (t) => {
    const room = await openRoom(t);
    const spool = await createSpool({ ...room.config, reportLimit: Infinity }, makeFakeClock());
    await assert.rejects(spool.expect(2 ** 60), /it takes 1,152,.* bytes, and there is room for .*QC3052/);
    await spool.discard();
  });
});

describe('a process that ends without cleaning up', () => {
  it('leaves no report that was to be kept', async (t) => {
    const room = await openRoom(t);
    const script = `
      import { createSpool } from ${compiled('src/qualys/spool/spool.js')};
      await createSpool(JSON.parse(process.env.CONFIG), { now: Date.now });
      console.log(fs.readdirSync(process.env.DIRECTORY).length);
      process.exit(7);
    `;
    const config = JSON.stringify({ ...room.config, keepReport: true });
    const env = { ...process.env, CONFIG: config, DIRECTORY: room.directory };
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `import fs from 'node:fs'; ${script}`],
      { env, encoding: 'utf8' },
    );
    assert.deepEqual([status, stdout, room.spooled()], [7, '1\n', []]);
  });
});

/** A compiled file of the project, as an import in a script names it. */
function compiled(file: string): string {
  return JSON.stringify(new URL(`../../../${file}`, import.meta.url).href);
}
