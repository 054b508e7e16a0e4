import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { addressRanges, qidRanges } from '../../src/config/ranges.ts';
import { entryXml, hostXml, reportXml } from '../support/asset-report.ts';
import { convert } from '../support/conversion.ts';

const WITH_CVE = entryXml({ qid: 100, severity: 5, cves: ['CVE-2021-3156', 'CAN-2004-0001'] });
const OTHER_CVE = entryXml({ qid: 200, severity: 4, cves: ['CVE-2022-0847'] });
const WITHOUT_CVE = entryXml({ qid: 300, severity: 3 });
const HOSTS = [
  hostXml('192.0.2.1', [{ qid: 100 }, { qid: 200 }, { qid: 300 }]),
  hostXml('192.0.2.2', [{ qid: 300 }, { qid: 400 }]),
];
const REPORT = reportXml(HOSTS, [WITH_CVE, OTHER_CVE, WITHOUT_CVE]);

/** `192.0.2.1 100` of each line of a result. */
function sent(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const [, address, qid] = /^AddScanResult,([^,]+),"QualysGuard",(\d+)/.exec(line) ?? [];
    return address === undefined || qid === undefined ? [] : [`${address} ${qid}`];
  });
}

suite('which findings', () => {
  test('the findings with a CVE are counted among those converted', async (t) => {
    const { counts } = await convert(t, REPORT);
    assert.deepEqual([counts.findings.converted, counts.findings.withCve], [5, 2]);
    assert.equal(counts.findings.knownExploited, 0);
  });

  test('only some QIDs, and some of them not', async (t) => {
    const { lines, counts, messages } = await convert(t, REPORT, {
      onlyQids: qidRanges('100-300'),
      excludeQids: qidRanges('200'),
    });
    assert.deepEqual(sent(lines), ['192.0.2.1 100', '192.0.2.1 300', '192.0.2.2 300']);
    assert.equal(counts.findings.leftOut.qid, 2);
    // The QID that nobody wants is missed by nobody.
    assert.equal(counts.qidsWithoutGlossary, 0);
    assert.ok(!messages.some((message) => message.startsWith('warning')));
  });

  test('only findings with a CVE; what the glossary lacks has none, and that is told', async (t) => {
    const { lines, counts, messages } = await convert(t, REPORT, { withCveOnly: true });
    assert.deepEqual(sent(lines), ['192.0.2.1 100', '192.0.2.1 200']);
    assert.equal(counts.findings.leftOut.noCve, 3);
    assert.deepEqual([counts.hosts.converted, counts.hosts.skipped.noFindings], [1, 1]);
    assert.match(messages.join('\n'), /lacks 1 of its QIDs: their findings are left out/);
  });

  test('only what is known to be exploited, whatever the id was called before', async (t) => {
    const knownExploited = new Set(['CVE-2004-0001', 'CVE-1999-0001']);
    const { lines, counts } = await convert(t, REPORT, { knownExploited, onlyKev: true });
    assert.deepEqual(sent(lines), ['192.0.2.1 100']);
    assert.deepEqual([counts.findings.leftOut.notExploited, counts.findings.knownExploited], [4, 1]);
    const all = await convert(t, REPORT, { knownExploited });
    assert.deepEqual([all.counts.findings.converted, all.counts.findings.knownExploited], [5, 1]);
  });

  test('hosts that are excluded get nothing, and are no hosts that went away', async (t) => {
    const silent: string[] = [];
    const { lines, counts, ofHosts } = await convert(t, REPORT, {
      addHost: true,
      clearCleanHosts: true,
      excludeHosts: addressRanges('192.0.2.2-192.0.2.9'),
      onSilentHost: (...told) => silent.push(told.join(' ')),
    });
    assert.ok(!lines.join('\n').includes('192.0.2.2'));
    assert.deepEqual([counts.hosts.skipped.excluded, counts.findings.leftOut.host, ofHosts], [1, 2, 1]);
    assert.deepEqual(silent, ['192.0.2.2 excluded']);
  });

  test('hosts are excluded by addresses of IPv6 too, however they are written', async (t) => {
    const host = (v6: string): string =>
      hostXml('0.0.0.0', [{ qid: 100 }]).replace('<IP>', `<IP v6="${v6}">`);
    const report = reportXml([host('fd00::7'), host('fd00:0:0:1::9'), host('fd00:0:0:2::')], [WITH_CVE]);
    const { lines } = await convert(t, report, {
      excludeHosts: addressRanges('FD00:0000::0007, fd00:0:0:1::/64'),
    });
    assert.deepEqual(sent(lines), ['fd00:0:0:2:: 100']);
  });

  test('whatever is chosen, a plain filter chooses the same, and everything is counted', async (t) => {
    const qid = fc.integer({ min: 1, max: 60 });
    const cve = fc.constantFrom('CVE-2020-0001', 'CVE-2020-0002', 'CVE-2020-0003');
    const range = fc.tuple(qid, fc.integer({ min: 0, max: 20 }));
    const finding = fc.record({
      qid,
      type: fc.constantFrom('Vuln', 'Practice', 'Ig'),
      status: fc.constantFrom('New', 'Fixed'),
      port: fc.constantFrom(80, 443),
    });
    const scenario = fc.record({
      hosts: fc.array(
        fc.record({ last: fc.integer({ min: 1, max: 30 }), findings: fc.array(finding, { maxLength: 8 }) }),
        { maxLength: 8 },
      ),
      entries: fc.dictionary(qid.map(String), fc.uniqueArray(cve), { maxKeys: 60 }),
      only: fc.option(fc.array(range, { minLength: 1, maxLength: 4 })),
      exclude: fc.option(fc.array(range, { minLength: 1, maxLength: 4 })),
      hidden: fc.option(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 9 })), {
          minLength: 1,
          maxLength: 4,
        }),
      ),
      withCveOnly: fc.boolean(),
      exploited: fc.option(fc.uniqueArray(cve)),
      onlyKev: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        scenario,
        async ({ hosts, entries, only, exclude, hidden, withCveOnly, exploited, onlyKev }) => {
          const document = reportXml(
            hosts.map(({ last, findings }) => hostXml(`10.0.0.${last}`, findings)),
            Object.entries(entries).map(([id, cves]) => entryXml({ qid: Number(id), cves })),
          );
          const written = (ranges: readonly (readonly [number, number])[], start: string): string =>
            ranges.map(([first, more]) => `${start}${first}-${start}${first + more}`).join(', ');
          const { lines, counts } = await convert(t, document, {
            onlyQids: only ? qidRanges(written(only, '')) : undefined,
            excludeQids: exclude ? qidRanges(written(exclude, '')) : undefined,
            excludeHosts: hidden ? addressRanges(written(hidden, '10.0.0.')) : undefined,
            withCveOnly,
            knownExploited: exploited ? new Set(exploited) : undefined,
            onlyKev: onlyKev && exploited !== null,
          });
          const within = (ranges: readonly (readonly [number, number])[], number: number): boolean =>
            ranges.some(([first, more]) => first <= number && number <= first + more);
          const expected = hosts.flatMap(({ last, findings }) => {
            if (hidden && within(hidden, last)) return [];
            const chosen = findings.filter(({ qid: id, type, status }) => {
              const cves = entries[id] ?? [];
              return (
                type !== 'Ig' &&
                status !== 'Fixed' &&
                (!only || within(only, id)) &&
                !(exclude && within(exclude, id)) &&
                (!withCveOnly || cves.length > 0) &&
                (!onlyKev || !exploited || cves.some((one) => exploited.includes(one)))
              );
            });
            return [...new Set(chosen.map((one) => `10.0.0.${last} ${one.qid} ${one.port}`))];
          });
          assert.deepEqual(
            lines.flatMap((line) => {
              const [, address = '', id = '', port = ''] =
                /^AddScanResult,([^,]+),[^,]+,(\d+),(\d+)/.exec(line) ?? [];
              return address === '' ? [] : [`${address} ${id} ${port}`];
            }),
            expected,
          );
          const leftOut = Object.values(counts.findings.leftOut).reduce((sum, count) => sum + count, 0);
          assert.equal(counts.findings.converted + leftOut, counts.findings.inReport);
          const skipped = Object.values(counts.hosts.skipped).reduce((sum, count) => sum + count, 0);
          assert.equal(counts.hosts.converted + skipped, counts.hosts.inReport);
          assert.equal(
            counts.findings.withCve,
            expected.filter((one) => (entries[one.split(' ')[1] ?? ''] ?? []).length > 0).length,
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
