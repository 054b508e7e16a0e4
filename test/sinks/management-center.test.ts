import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandPart } from '../../src/host-input/command-stream.ts';
import { noProgress } from '../../src/progress.ts';
import { managementCenterSink } from '../../src/sinks/management-center.ts';
import { emptyDelivery } from '../../src/sinks/sink.ts';
import {
  connectTo,
  impatient,
  rememberingLog,
  startSimulator,
  streamOf,
  timeouts,
} from '../support/management-center.ts';

function unit(address: string, qids: readonly number[]): CommandPart {
  const lines = qids.map(
    (qid) =>
      `AddScanResult,${address},"QualysGuard",${qid},443,tcp,"Title ${qid}","Text","cve_ids: CVE-2020-${1000 + qid}","bugtraq_ids:"\n`,
  );
  const text = `AddHost,${address}\n${lines.join('')}ScanFlush\n`;
  return { kind: 'unit', address, text, commands: qids.length + 2, findings: qids.length, ends: true };
}

test('delivers every unit and counts what was acknowledged', async () => {
  const simulator = await startSimulator();
  const folder = await mkdtemp(join(tmpdir(), 'sink-test-'));
  try {
    const delivery = emptyDelivery();
    const log = rememberingLog();
    const sink = managementCenterSink({
      connect: connectTo(simulator),
      retries: 5,
      timeouts,
      unsentFile: join(folder, 'unsent.csv'),
      startTimer: impatient,
    });
    await sink(
      streamOf([
        { kind: 'setting', text: 'SetSource,QualysGuard Scan Report\n' },
        unit('192.0.2.1', [1, 2, 3]),
        unit('192.0.2.2', [4]),
      ]),
      { log, progress: noProgress, signal: new AbortController().signal, ofHosts: () => 2, delivery },
    );
    await simulator.settled();
    assert.deepEqual(Object.keys(simulator.networkMap.hosts), ['192.0.2.1', '192.0.2.2']);
    assert.equal(delivery.units, 2);
    assert.equal(delivery.commands, 9);
    assert.equal(delivery.processed, 9);
    assert.equal(delivery.blocks, 1);
    assert.equal(delivery.complaints, 0);
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true });
  }
});
