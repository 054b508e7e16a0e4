import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ConnectorError } from '../../src/connector-error.ts';
import type { FaultKind } from '../../src/simulators/qualys/qualys-simulator.ts';
import { openRoom } from '../support/qualys-room.ts';
import { SMALL_REPORT } from '../support/small-report.ts';

describe('the download under API v1', () => {
  it('is one call', async (t) => {
    const room = await openRoom(t);
    const report = await room.download({ api: 'v1' });
    assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
    assert.deepEqual(
      room.simulator.transcript.map(({ method, url }) => `${method} ${url}`),
      ['GET /msp/asset_data_report.php?template_id=424242'],
    );
    await report.close();
    assert.deepEqual(room.spooled(), []);
  });

  const passing: FaultKind[] = [
    'reset',
    'empty',
    'page 503',
    'generic 999',
    'simple 1960',
    'simple 1965',
    'error in report root',
    'cut by close',
    'cut by end',
    'trickle',
  ];
  for (const kind of passing) {
    for (const times of [1, 2]) {
      it(`comes through "${kind}", ${times} times`, async (t) => {
        const room = await openRoom(t, { faults: [{ at: 'asset-data-report', kind, times }] });
        const report = await room.download({ api: 'v1' });
        assert.equal(readFileSync(report.descriptor, 'utf8'), SMALL_REPORT);
        await report.close();
      });
    }
  }

  it('may stay silent up to report_timeout', async (t) => {
    const room = await openRoom(t, {
      faults: [{ at: 'asset-data-report', kind: 'silent', times: Infinity }],
    });
    room.simulator.events.on('silent', () => {
      room.clock.advance(3_599_000);
      assert.equal(room.simulator.transcript.length, 1);
      room.clock.advance(1_000);
    });
    await assert.rejects(room.download({ api: 'v1' }), /within 3600 seconds.*QC3038/);
    assert.deepEqual(room.spooled(), []);
  });

  for (const [kind, message] of [
    ['generic 2001', /<RETURN status="FAILED" number="2001">Account Expired.*QC3022/],
    ['simple 2012', /not authorized.*allow API access.*QC3024/],
  ] as const) {
    it(`ends at once on "${kind}"`, async (t) => {
      const room = await openRoom(t, { faults: [{ at: 'asset-data-report', kind, times: Infinity }] });
      await assert.rejects(room.download({ api: 'v1' }), (error) => {
        assert.ok(error instanceof ConnectorError);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(room.simulator.transcript.length, 1);
    });
  }
});
