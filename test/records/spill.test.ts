import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import { FindingList } from '../../src/records/finding-list.ts';
import { HostList } from '../../src/records/host-list.ts';
import { LineList } from '../../src/records/line-list.ts';
import { Spill } from '../../src/records/spill.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { withEnvironment } from '../support/with-environment.ts';

/** A folder for temporary files that nobody else uses. */
async function temporaryFolder(t: TestContext, name = 'spill'): Promise<string> {
  const folder = `${await temporaryDirectory(t)}/${name}`;
  withEnvironment(t, { TMPDIR: folder });
  return folder;
}

test('what is appended is read again, in memory or not', async (t) => {
  await mkdir(await temporaryFolder(t));
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 })),
      fc.integer({ min: 1, max: 30 }),
      (pieces, size) => {
        const spill = new Spill(16);
        pieces.forEach((piece) => {
          spill.append(piece);
        });
        const read: Buffer[] = [];
        for (let position = 0; position < spill.length;) {
          const target = Buffer.alloc(size);
          const count = spill.read(target, position);
          read.push(target.subarray(0, count));
          position += count;
        }
        spill.close();
        assert.deepEqual(Buffer.concat(read), Buffer.concat(pieces));
      },
    ),
  );
});

test('findings and hosts beyond the memory go to a file without a name', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(folder);
  const findings = new FindingList(new Spill(64));
  const hosts = new HostList(new Spill(64));
  const type = findings.types.code('vuln');
  for (let host = 1; host <= 50; host += 1) {
    for (let port = 1; port <= host; port += 1) {
      findings.add(0x7fff_ffff - host, 65_536 - port, 2, type, findings.statuses.code('new'), 4);
    }
    hosts.add({
      ip: `192.0.2.${host}`,
      ip6: '',
      dns: `ü${host}`,
      netbios: '',
      operatingSystem: '',
      error: undefined,
      findingCount: host,
    });
  }
  assert.deepEqual(await readdir(folder), []);
  const read = Array.from(hosts.withFindings(findings), (host) => ({
    ...host,
    findings: [...host.findings].flat(),
  }));
  assert.equal(read.length, 50);
  assert.equal(read[41]?.dns, 'ü42');
  assert.deepEqual(
    read.map((host) => host.findings.length),
    read.map((host) => host.findingCount),
  );
  assert.deepEqual(read[49]?.findings[49], {
    qid: 0x7fff_ffff - 50,
    port: 65_486,
    protocol: 'udp',
    type: 'vuln',
    status: 'new',
    severity: 4,
  });
  findings.close();
  hosts.close();
});

test('no room for a temporary file is an error that names the folder', async (t) => {
  const folder = await temporaryFolder(t, 'missing');
  const spill = new Spill(8);
  spill.append(Buffer.alloc(8));
  assert.throws(
    () => {
      spill.append(Buffer.alloc(8));
    },
    (error: Error & { code?: string }) => error.code === 'QC4011' && error.message.includes(folder),
  );
});

test('what was added since a mark is taken back, in memory or not', async (t) => {
  await mkdir(await temporaryFolder(t));
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ maxLength: 30 }), { maxLength: 8 }), { maxLength: 6 }),
      fc.array(fc.string({ maxLength: 30 }), { maxLength: 8 }),
      (kept, takenBack) => {
        const lines = new LineList<{ readonly text: string }>(new Spill(64));
        const findings = new FindingList(new Spill(64));
        const add = (text: string): void => {
          lines.add({ text });
          findings.add(text.length, 1, 1, 0, 0);
        };
        for (const portion of kept) {
          const [mark, length] = [lines.mark(), findings.length];
          takenBack.forEach(add);
          lines.returnTo(mark);
          findings.truncate(length);
          portion.forEach(add);
        }
        const all = kept.flat();
        assert.deepEqual(
          Array.from(lines.read(), ({ text }) => text),
          all,
        );
        assert.equal(lines.length, all.length);
        const qids = [...findings.read(0, findings.length)].flat().map(({ qid }) => qid);
        assert.deepEqual(
          qids,
          all.map(({ length }) => length),
        );
        lines.close();
        findings.close();
      },
    ),
  );
});
