import assert from 'node:assert/strict';
import test from 'node:test';
import type { Check } from '../../src/check.ts';
import { checkDetections } from '../../src/qualys/check-detections.ts';
import { letTimePass, openDetectionRoom } from '../support/detections.ts';

test('one host may take as long as a page of a run', async (t) => {
  const faults = [{ at: 'detection', kind: 'silent', times: 1 }] as const;
  const room = await openDetectionRoom(t, {}, { faults });
  letTimePass(room);
  const context = { log: room.log, signal: room.abort.signal, clock: room.clock, env: {} };
  const found: Check[] = [];
  for await (const check of checkDetections(room.config, context)) found.push(check);
  const last = found.at(-1);
  assert.equal(last?.name, 'Detection API');
  assert.match(last.detail, / 600 seconds.*\[QC3008\]/);
});
