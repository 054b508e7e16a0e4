import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Delivered } from '../../src/destination/adding.ts';
import { csvFileDestination } from '../../src/destination/csv-file.ts';
import { emptyDelivery } from '../../src/destination/sink.ts';
import { UnsentFile, UnsentOutdatedError } from '../../src/destination/unsent-file.ts';
import { CommandFile } from '../../src/host-input/command-file.ts';
import { readCommands } from '../../src/host-input/command-file-parts.ts';
import type { CommandPart, CommandStream, UnitPart } from '../../src/host-input/command-stream.ts';
import { noProgress } from '../../src/progress.ts';
import type { FaultPlan } from '../../src/simulators/management-center/faults.ts';
import type { ManagementCenterSimulator } from '../../src/simulators/management-center/simulator.ts';
import { deliver, streamOf } from '../support/deliver.ts';
import { mapAfter } from '../support/expected-map.ts';
import { startSimulator } from '../support/management-center.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { source, unit } from '../support/units.ts';

/** What a template has of a host; no QIDs: it is clean. */
interface Host {
  readonly address: string;
  readonly qids: readonly number[];
}
type Template = readonly Host[];
interface Run {
  readonly templates: readonly Template[];
  readonly mode: 'flush' | 'update';
  /** `clear_clean_hosts`. */
  readonly clear: boolean;
}

/** What the conversion makes of a template: the same host again in it adds. */
function streamFor(template: Template, { mode, clear }: Run): CommandPart[] {
  const seen = new Set<string>();
  const units = template.flatMap(({ address, qids }): UnitPart[] => {
    const again = seen.has(address);
    if (qids.length === 0) return clear && !again ? [cleared(address)] : [named(address)];
    seen.add(address);
    return [unit(address, qids, again || mode === 'update' ? 'ScanUpdate' : 'ScanFlush')];
  });
  return [source, ...units];
}

function named(address: string): UnitPart {
  const text = `AddHost,${address}\n`;
  return { kind: 'unit', address, text, commands: 1, findings: 0, ends: true };
}

function cleared(address: string): UnitPart {
  const text = `AddHost,${address}\nDeleteScanResult,${address},"QualysGuard"\nScanUpdate\n`;
  return { kind: 'unit', address, text, commands: 3, findings: 0, ends: true };
}

const OLD = 77;
const ADDRESSES = ['192.0.2.1', '192.0.2.2', '2001:db8::3'];

/** The QIDs of each host after a run in which nothing fails, by the rules and not by the program. */
function expected({ templates, mode, clear }: Run): Record<string, number[]> {
  return Object.fromEntries(
    ADDRESSES.map((address) => {
      const told = templates.flat().filter((host) => host.address === address);
      const found = told.flatMap(({ qids }) => qids);
      const replaced = found.length > 0 ? mode === 'flush' : clear && told.length > 0;
      return [address, [...new Set([...(replaced ? [] : [OLD]), ...found])].sort((a, b) => a - b)];
    }),
  );
}

function qidsIn(simulator: ManagementCenterSimulator): Record<string, number[]> {
  const hosts = Object.entries(simulator.networkMap.hosts);
  return Object.fromEntries(
    ADDRESSES.map((address) => {
      const host = hosts.find(([name]) => name === address)?.[1];
      const results = Object.values(host?.results.QualysGuard ?? {});
      return [address, results.map(({ vulnerability }) => Number(vulnerability)).sort((a, b) => a - b)];
    }),
  );
}

async function* fromFile(path: string): CommandStream {
  const file = await CommandFile.open(path);
  yield* readCommands(file.pieces());
  await file.close();
}

/** Delivers the templates one after the other over one connection each, of which some break; then what was kept. */
async function qidsAfter(run: Run, maximumSize: number, faults: FaultPlan, path: string) {
  const simulator = await startSimulator({
    maximumSize,
    strict: true,
    faults: (moment) => faults({ ...moment, connection: moment.connection - 1 }),
  });
  try {
    await deliver(simulator, [source, ...ADDRESSES.map((address) => unit(address, [OLD]))]);
    const delivered: Delivered = new Set();
    const unsentFile = new UnsentFile(path, delivered);
    const kept = new Set<string | undefined>();
    for (const template of run.templates) {
      const stream = streamFor(template, run);
      const { delivery } = await deliver(simulator, stream, { retries: 0, unsentFile, delivered });
      kept.add(delivery.unsentFile);
    }
    if (kept.has(path)) {
      const { error } = await deliver(simulator, fromFile(path), { maximumSize: 524_288 });
      assert.equal(error, undefined);
    }
    return qidsIn(simulator);
  } finally {
    await simulator.close();
  }
}

const host: fc.Arbitrary<Host> = fc.record(
  {
    address: fc.constantFrom(...ADDRESSES),
    qids: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 }),
  },
  { noNullPrototype: true },
);
const templates = fc.array(fc.array(host, { maxLength: 5 }), { minLength: 1, maxLength: 3 });
const loss = fc.option(
  fc.record({
    block: fc.integer({ min: 0, max: 5 }),
    does: fc.constantFrom('close' as const, 'reset' as const),
    applied: fc.boolean(),
  }),
  { nil: undefined },
);

test('what was kept of templates, sent later, gives the map of a run in which nothing was lost', async (t) => {
  const directory = await temporaryDirectory(t);
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      templates,
      // A merged host that is also cleared depends on the order of the two, which a loss changes.
      fc.constantFrom(['flush', false] as const, ['flush', true] as const, ['update', false] as const),
      fc.integer({ min: 200, max: 1200 }),
      fc.array(loss, { minLength: 3, maxLength: 3 }),
      async (some, [mode, clear], maximumSize, losses) => {
        const run: Run = { templates: some, mode, clear };
        const faults: FaultPlan = ({ connection, block }) => {
          const fault = connection <= some.length ? losses[connection - 1] : undefined;
          return fault?.block === block ? fault : undefined;
        };
        const path = join(directory, `unsent-${++runs}.csv`);
        assert.deepEqual(await qidsAfter(run, maximumSize, faults, path), expected(run));
      },
    ),
    { numRuns: 30 },
  );
});

test('a template after a lost one replaces what earlier runs left', async () => {
  const run: Run = {
    templates: [[{ address: '192.0.2.1', qids: [1] }], [{ address: '192.0.2.1', qids: [2] }]],
    mode: 'flush',
    clear: false,
  };
  const simulator = await startSimulator({
    faults: ({ connection, block }) => (connection === 2 && block === 1 ? { does: 'reset' } : undefined),
  });
  await deliver(simulator, [source, unit('192.0.2.1', [OLD])]);
  const delivered: Delivered = new Set();
  for (const template of run.templates) {
    await deliver(simulator, streamFor(template, run), { retries: 0, delivered });
  }
  await simulator.close();
  assert.deepEqual(qidsIn(simulator)['192.0.2.1'], [2]);
});

test('commands of a file that were kept are kept as they were written', async (t) => {
  const path = join(await temporaryDirectory(t), 'unsent.csv');
  const simulator = await startSimulator({ faults: () => ({ does: 'close' }) });
  const twice = [source, unit('192.0.2.1', [1]), unit('192.0.2.1', [2])];
  const { unsent } = await deliver(simulator, twice, { unsentPath: path });
  await simulator.close();
  assert.equal(unsent, twice.map(({ text }) => text).join(''));
});

test('a kept file that cannot be brought up to date is told', async (t) => {
  const directory = await temporaryDirectory(t);
  const delivered: Delivered = new Set();
  const unsentFile = new UnsentFile(join(directory, 'unsent.csv'), delivered);
  const simulator = await startSimulator({
    faults: ({ connection }) => (connection === 1 ? { does: 'close' } : undefined),
  });
  const options = { retries: 0, unsentFile, delivered };
  await deliver(simulator, [source, unit('192.0.2.1', [1])], options);
  await rm(join(directory, 'unsent.csv'));
  const { error } = await deliver(simulator, [source, unit('192.0.2.1', [2])], options);
  await simulator.close();
  assert.ok(error instanceof UnsentOutdatedError);
  assert.match(error.message, /Do not send that file/);
});

test('CSV files add to each other, but not to one that could not be written', async (t) => {
  const directory = await temporaryDirectory(t);
  const destination = csvFileDestination(join(directory, 'Output.csv'));
  const run: Run = { templates: [], mode: 'flush', clear: false };
  const contextFor = () => ({
    log: recordingLog(),
    progress: noProgress,
    signal: new AbortController().signal,
    ofHosts: () => undefined,
    delivery: emptyDelivery(),
  });
  async function* breaking(): CommandStream {
    yield await Promise.resolve(streamFor([{ address: '192.0.2.1', qids: [1] }], run));
    throw new Error('the disk is full');
  }
  await assert.rejects(destination.sink('1')(breaking(), contextFor()), /the disk is full/);
  for (const template of ['2', '3']) {
    const parts = streamFor([{ address: '192.0.2.1', qids: [Number(template)] }], run);
    await destination.sink(template)(streamOf(parts), contextFor());
  }
  const parts: CommandPart[] = [];
  for (const template of ['2', '3']) {
    for await (const some of fromFile(join(directory, `${template}_Output.csv`))) parts.push(...some);
  }
  const ends = parts.flatMap(({ text }) => text.match(/^Scan\w+$/gm) ?? []);
  assert.deepEqual(ends, ['ScanFlush', 'ScanUpdate']);
  const { results } = mapAfter(parts).hosts['192.0.2.1'] ?? {};
  assert.deepEqual(Object.keys(results?.QualysGuard ?? {}), ['2 443/tcp', '3 443/tcp']);
});
