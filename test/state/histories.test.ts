/** Random histories: what the Management Center holds after nights in which only changes were sent. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { adding } from '../../src/destination/adding.ts';
import type {
  CommandPart,
  CommandStream,
  OnSilentHost,
  UnitPart,
} from '../../src/host-input/command-stream.ts';
import { Interpreter } from '../../src/simulators/management-center/interpreter.ts';
import { NetworkMap } from '../../src/simulators/management-center/network-map.ts';
import { openRunMemory } from '../../src/state/run-memory.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { source, unit } from '../support/units.ts';

/** What a template has of a host; no QIDs: nothing is found on it. */
interface Host {
  readonly address: string;
  readonly qids: readonly number[];
}

interface Rules {
  readonly mode: 'flush' | 'update';
  readonly clearCleanHosts: boolean;
  readonly clearGoneHosts: boolean;
}

/** The run ends after so many units; `acknowledged` of them are, and after a kill nothing more is done. */
interface Cut {
  readonly units: number;
  readonly acknowledged: number;
  readonly kill: boolean;
}

/** What a template has in one night. */
interface Reading {
  readonly template: number;
  readonly hosts: readonly Host[];
  /** Addresses that exclude_hosts keeps out. */
  readonly excluded: readonly string[];
}

interface Night {
  /** Templates by their numbers; those of one night make one run. */
  readonly templates: readonly Reading[];
  readonly cut: Cut | undefined;
}

class CutError extends Error {}

/** What the conversion makes of a template: the same host again in it adds, and one without findings may be silent. */
function streamFor(
  { hosts, excluded }: Reading,
  rules: Rules,
): { parts: CommandPart[]; silent: Parameters<OnSilentHost>[] } {
  const seen = new Set<string>();
  const silent: Parameters<OnSilentHost>[] = [];
  const units = hosts.flatMap(({ address, qids }): UnitPart[] => {
    const again = seen.has(address);
    if (excluded.includes(address)) {
      silent.push([address, 'excluded']);
      return [];
    }
    if (qids.length === 0 && rules.clearCleanHosts && !again) return [cleared(address)];
    if (qids.length === 0) {
      silent.push([address, 'nothing']);
      return [];
    }
    seen.add(address);
    return [unit(address, qids, again || rules.mode === 'update' ? 'ScanUpdate' : 'ScanFlush')];
  });
  return { parts: [source, ...units], silent };
}

function cleared(address: string): UnitPart {
  const text = `DeleteScanResult,${address},"QualysGuard"\nScanUpdate\n`;
  return { kind: 'unit', address, text, commands: 2, findings: 0, ends: true };
}

async function* streamOf(parts: readonly CommandPart[]): CommandStream {
  for (const part of parts) {
    await Promise.resolve();
    yield [part];
  }
}

/** A Management Center, without the network. */
class World {
  readonly map = new NetworkMap();

  /** Sends a stream on a connection of its own. @returns the units that were acknowledged, in their order */
  async send(stream: CommandStream, cut: Cut | undefined, delivered: Set<string>): Promise<string[]> {
    const interpreter = new Interpreter(this.map, false);
    const acknowledged: string[] = [];
    let units = 0;
    try {
      for await (const parts of stream) {
        for (const part of parts) {
          if (cut && units >= cut.units) throw new CutError();
          interpreter.run(Buffer.from(part.text));
          if (part.kind === 'setting') continue;
          units++;
          if (cut && units > cut.acknowledged) continue;
          acknowledged.push(part.address);
          if (part.findings > 0) delivered.add(part.address);
        }
      }
    } catch (error) {
      if (!(error instanceof CutError)) throw error;
    }
    interpreter.end();
    return acknowledged;
  }
}

/** Nights in which all is sent, by the rules and without a memory of the program's. */
class FullRuns {
  readonly world = new World();
  readonly #rules: Rules;
  readonly #known = new Map<number, Map<string, 'live' | 'silent'>>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  async night({ templates }: Night): Promise<void> {
    const delivered = new Set<string>();
    for (const reading of templates) {
      const { parts } = streamFor(reading, this.#rules);
      const gone = this.#gone(reading, parts);
      const all = [...parts, ...(this.#rules.clearGoneHosts ? gone.map(cleared) : [])];
      await this.world.send(adding(streamOf(all), delivered), undefined, delivered);
    }
  }

  /** Hosts that this template had and that nobody has any more. */
  #gone({ template, hosts, excluded }: Reading, parts: readonly CommandPart[]): string[] {
    const before = this.#known.get(template) ?? new Map<string, 'live' | 'silent'>();
    const live = new Set(parts.flatMap((part) => (part.kind === 'unit' ? [part.address] : [])));
    const here = new Set(hosts.map(({ address }) => address));
    const now = new Map<string, 'live' | 'silent'>();
    for (const address of live) now.set(address, 'live');
    for (const address of here) {
      const known = before.get(address);
      // What is left out stays as it was.
      if (known && !live.has(address)) now.set(address, excluded.includes(address) ? known : 'silent');
    }
    this.#known.set(template, now);
    const others = [...this.#known].filter(([other]) => other !== template).map(([, known]) => known);
    return [...before.keys()].filter(
      (address) => !here.has(address) && others.every((known) => known.get(address) !== 'live'),
    );
  }
}

/** The same nights with the program's memory. */
class ChangedRuns {
  readonly world = new World();
  sent = 0;
  readonly #rules: Rules;
  readonly #path: string;

  constructor(rules: Rules, path: string) {
    this.#rules = rules;
    this.#path = path;
  }

  async night({ templates, cut }: Night): Promise<void> {
    const options = {
      path: this.#path,
      server: 'mc:8307',
      changed: true,
      force: false,
      writes: 'there',
    } as const;
    const memory = openRunMemory({ ...options, started: new Date() });
    const delivered = new Set<string>();
    const several = templates.length > 1;
    for (const reading of templates) {
      const { template } = reading;
      const { clearGoneHosts, mode } = this.#rules;
      const input = memory.of(
        {
          source: `template ${template}`,
          isPassing: false,
          rules: { mode },
          changeRules: { fullEveryDays: 7, clearGoneHosts, goneLimit: 100 },
        },
        recordingLog(),
        several ? delivered : undefined,
      );
      const { parts, silent } = streamFor(reading, this.#rules);
      const telling = async function* (): CommandStream {
        yield* streamOf(parts);
        for (const told of silent) input.onSilentHost(...told);
      };
      const chosen = input.choose(telling(), { incomparable: undefined, isWhole: () => true });
      const acknowledged = await this.world.send(
        several ? adding(chosen, delivered) : chosen,
        cut,
        delivered,
      );
      this.sent += acknowledged.length;
      if (cut?.kill === true) {
        await chosen[Symbol.asyncIterator]().return?.();
        return;
      }
      input.onAcknowledged(acknowledged);
      await input.finish({ isDelivered: false, unsentFile: undefined });
    }
    memory.close();
  }
}

function resultsIn({ map }: World): unknown {
  const { hosts } = map.toData();
  return Object.fromEntries(
    Object.entries(hosts)
      .filter(([, { results }]) => Object.keys(results).length > 0)
      .map(([address, { results }]) => [address, results]),
  );
}

const ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::3'];

function hostsArbitrary(silentToo: boolean): fc.Arbitrary<Host[]> {
  const qids = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: silentToo ? 0 : 1, maxLength: 3 });
  return fc.array(fc.record({ address: fc.constantFrom(...ADDRESSES), qids }), { maxLength: 6 });
}

function nights(silentToo: boolean, cut: fc.Arbitrary<Cut | undefined>): fc.Arbitrary<Night[]> {
  // A few reports that come again and again: much stays as it was.
  return fc.array(hostsArbitrary(silentToo), { minLength: 2, maxLength: 4 }).chain((reports) => {
    const template = fc.record({
      template: fc.integer({ min: 1, max: 2 }),
      hosts: fc.constantFrom(...reports),
      excluded: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.subarray(ADDRESSES) },
      ),
    });
    const templates = fc.uniqueArray(template, {
      selector: (one) => one.template,
      minLength: 1,
      maxLength: 2,
    });
    return fc.array(fc.record({ templates, cut }), { minLength: 2, maxLength: 6 });
  });
}

const cuts = fc.record({ units: fc.nat(6), acknowledged: fc.nat(6), kill: fc.boolean() });
const rules = fc.record({
  mode: fc.constantFrom('flush' as const, 'update' as const),
  clearCleanHosts: fc.boolean(),
  clearGoneHosts: fc.boolean(),
});
const folder = await temporaryDirectory();
const RUNS = Number(process.env.QC_TEST_HISTORIES ?? 10);

async function inFolder(work: (path: string) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(folder, 'state-'));
  await work(path);
  await rm(path, { recursive: true });
}

test('after each night the map is what it is when all is sent each night', async () => {
  await fc.assert(
    fc.asyncProperty(rules, nights(true, fc.constant(undefined)), (ruling, history) =>
      inFolder(async (path) => {
        const full = new FullRuns(ruling);
        const changed = new ChangedRuns(ruling, path);
        for (const night of history) {
          await full.night(night);
          await changed.night(night);
          assert.deepEqual(changed.world.map.toData(), full.world.map.toData());
        }
      }),
    ),
    { numRuns: RUNS },
  );
});

test('after cuts and kills at any unit, a night that comes to its end makes the map right again', async () => {
  const ruling = { mode: 'flush', clearCleanHosts: true, clearGoneHosts: true } as const;
  await fc.assert(
    fc.asyncProperty(nights(true, fc.option(cuts, { nil: undefined })), (history) =>
      inFolder(async (path) => {
        const full = new FullRuns(ruling);
        const changed = new ChangedRuns(ruling, path);
        for (const night of history) {
          await full.night(night);
          await changed.night(night);
          // Of hosts that a killed run was the first to send nobody knows: the run after it has them too.
          if (night.cut?.kill === true) await changed.night({ ...night, cut: undefined });
        }
        // All templates, with the report that each had last.
        const last = new Map(history.flatMap(({ templates }) => templates).map((one) => [one.template, one]));
        // What is left out of it is not made right.
        const readings = [...last.values()].map((one) => ({ ...one, excluded: [] }));
        const whole = { templates: readings, cut: undefined };
        await full.night(whole);
        await changed.night(whole);
        // A host that came and went while nothing got through is known to one of them only.
        assert.deepEqual(resultsIn(changed.world), resultsIn(full.world));
      }),
    ),
    { numRuns: RUNS },
  );
});
