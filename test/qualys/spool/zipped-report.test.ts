import assert from 'node:assert/strict';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import { ZipFile } from 'yazl';
import { readZippedReport, type Unzipping } from '../../../src/qualys/spool/zipped-report.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const REPORT = Buffer.from(`<ASSET_DATA_REPORT>${'10.0.0.1 '.repeat(200_000)}</ASSET_DATA_REPORT>`);

async function zipOf(compress: boolean): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(REPORT, 'report.xml', { compress });
  zip.end();
  return buffer(zip.outputStream);
}

async function opened(t: TestContext, zip: Buffer): Promise<FileHandle> {
  const path = join(await temporaryDirectory(t), 'report.zip');
  await writeFile(path, zip);
  const file = await open(path);
  t.after(() => file.close());
  return file;
}

/** Reads the report in a zip file of these bytes. */
async function read(t: TestContext, zip: Buffer, how: Partial<Unzipping> = {}): Promise<Buffer> {
  const usual = { expect: () => Promise.resolve(), signal: new AbortController().signal };
  return buffer(readZippedReport(await opened(t, zip), { ...usual, ...how }));
}

describe('a zipped report', () => {
  for (const compress of [true, false]) {
    const form = compress ? 'deflated' : 'stored';
    it(`is read, ${form}`, async (t) => {
      assert.ok(REPORT.equals(await read(t, await zipOf(compress))));
    });

    it(`of which a byte was altered is refused, ${form}`, async (t) => {
      const zip = await zipOf(compress);
      const at = Math.floor(zip.length / 2);
      zip[at] = (zip[at] ?? 0) ^ 1;
      await assert.rejects(read(t, zip), /cannot be used/);
    });
  }

  it('with a wrong length in its directory is refused', async (t) => {
    const zip = await zipOf(true);
    const directory = zip.lastIndexOf('PK\u0001\u0002', undefined, 'latin1');
    zip.writeUInt32LE(REPORT.length - 1, directory + 24);
    await assert.rejects(read(t, zip), /cannot be used/);
  });

  it('tells its length before it is inflated', async (t) => {
    const refusal = new Error('too large');
    const expect = (bytes: number): Promise<void> => {
      assert.equal(bytes, REPORT.length);
      return Promise.reject(refusal);
    };
    await assert.rejects(read(t, await zipOf(true), { expect }), /too large/);
  });

  it('is given up in the middle when the run is to end', async (t) => {
    const file = await opened(t, await zipOf(true));
    const abort = new AbortController();
    const reason = new Error('told to end');
    const report = readZippedReport(file, { expect: () => Promise.resolve(), signal: abort.signal });
    await report.next();
    abort.abort(reason);
    await assert.rejects(report.next(), (error) => error === reason);
  });
});
