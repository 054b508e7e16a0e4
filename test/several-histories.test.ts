/** Random histories: each of several Management Centers ends every night as if it were the only one. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ExitCode } from '../src/exit-code.ts';
import { gravest } from '../src/outcome.ts';
import type { Fault } from '../src/simulators/management-center/faults.ts';
import type { ManagementCenterSimulator } from '../src/simulators/management-center/simulator.ts';
import type { RunSummary } from '../src/summary/run-summary.ts';
import { entryXml, hostXml, reportXml } from './support/asset-report.ts';
import { stageFor } from './support/connector.ts';
import { startSimulator } from './support/management-center.ts';
import { runHere } from './support/run-here.ts';

/** What befalls a server in one night: at which connection of the night, the first of which is the probe, and at which block. */
interface Mishap {
  readonly connection: number;
  readonly block: number;
  readonly fault: Fault;
}

interface Night {
  readonly hosts: readonly { readonly address: string; readonly qids: readonly number[] }[];
  /** One for each server. */
  readonly mishaps: readonly (Mishap | undefined)[];
  readonly order: readonly number[];
  readonly changed: boolean;
  readonly parallel: boolean;
}

const SERVERS = 3;
const ADDRESSES = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '2001:db8::5', '192.0.2.6'];
/** Bytes: few hosts fit into a block. */
const SMALL = 700;

const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    does: fc.constantFrom('close' as const, 'reset' as const),
    applied: fc.boolean(),
  }),
  fc.constant({ does: 'error', text: 'no more' } as const),
  fc.constant({ does: 'raw', bytes: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') } as const),
  fc.constant({ does: 'answer', text: 'Error: line 3 was not understood' } as const),
);
const mishaps = fc.record({
  connection: fc.constantFrom(1, 2, 2, 2),
  block: fc.nat(2),
  fault: faults,
});
const hosts = fc.uniqueArray(
  fc.record({
    address: fc.constantFrom(...ADDRESSES),
    qids: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  }),
  { selector: ({ address }) => address, maxLength: ADDRESSES.length },
);
const nights = fc.array(
  fc.record({
    hosts,
    mishaps: fc.array(fc.option(mishaps, { nil: undefined, freq: 2 }), {
      minLength: SERVERS,
      maxLength: SERVERS,
    }),
    order: fc.shuffledSubarray([...Array(SERVERS).keys()], { minLength: 2 }),
    changed: fc.boolean(),
    parallel: fc.boolean(),
  }),
  { minLength: 2, maxLength: 4 },
);

/** A Management Center whose mishaps are told each night anew. */
class Server {
  #mishap: Mishap | undefined;
  #before = 0;
  readonly #simulator: Promise<ManagementCenterSimulator> = startSimulator({
    maximumSize: SMALL,
    keepTranscript: false,
    faults: ({ connection, block }) =>
      connection - this.#before === this.#mishap?.connection && block === this.#mishap.block
        ? this.#mishap.fault
        : undefined,
  });

  async befall(mishap: Mishap | undefined): Promise<void> {
    this.#mishap = mishap;
    this.#before = (await this.#simulator).connections.length;
  }

  async address(): Promise<string> {
    return `127.0.0.1:${(await this.#simulator).port}`;
  }

  async map(): Promise<unknown> {
    const simulator = await this.#simulator;
    await simulator.settled();
    return simulator.networkMap;
  }

  async close(): Promise<void> {
    await (await this.#simulator).close();
  }
}

// Each night is a run of all of them and one of each.
const RUNS = Math.ceil(Number(process.env.QC_TEST_HISTORIES ?? 10) / 10);

test('each ends every night with the map, the code and the counts that it has when it is the only one', async (t) => {
  const stage = await stageFor(t, {
    hosts: 1,
    yaml: ['clear_gone_hosts: true', 'clear_clean_hosts: true', 'gone_limit: 100'],
  });
  const run = async (directory: string, server: string, night: Night, summary: string) => {
    const words = [
      server.includes(',') ? `-server=${server}` : '-server=127.0.0.1',
      ...(server.includes(',') ? [] : [`-port=${server.slice(server.indexOf(':') + 1)}`]),
      `-pkcs12=${stage.files.pkcs12}`,
      stage.plugininfo,
      '-report=report.xml',
      '-retries=0',
      '-state=state',
      `-summary=${summary}`,
      ...(night.changed ? ['-changed'] : []),
      ...(night.parallel ? ['-parallel'] : []),
    ];
    const ended = await runHere(t, directory, words);
    const text = await readFile(join(directory, summary), 'utf8');
    return { ...ended, summary: JSON.parse(text) as RunSummary };
  };
  const live = async (history: readonly Night[]): Promise<void> => {
    const directory = await mkdtemp(join(stage.directory, 'history-'));
    const together = Array.from({ length: SERVERS }, () => new Server());
    const alone = Array.from({ length: SERVERS }, () => new Server());
    try {
      for (const night of history) {
        const report = reportXml(
          night.hosts.map(({ address, qids }) =>
            hostXml(
              address,
              qids.map((qid) => ({ qid })),
            ),
          ),
          [1, 2, 3].map((qid) => entryXml({ qid })),
        );
        await writeFile(join(directory, 'report.xml'), report);
        for (const servers of [together, alone]) {
          for (const [index, server] of servers.entries()) await server.befall(night.mishaps[index]);
        }
        const names = await Promise.all(
          night.order.map((index) => together[index]?.address() ?? Promise.resolve('')),
        );
        const all = await run(directory, names.join(','), night, 'all.json');
        const codes: ExitCode[] = [];
        for (const [place, index] of night.order.entries()) {
          const only = alone[index];
          const one = await run(directory, (await only?.address()) ?? '', night, 'one.json');
          codes.push(one.code as ExitCode);
          const told = all.summary.servers?.[place];
          const inputs = all.summary.inputs.filter(({ server }) => server === told?.name);
          const ofOne = one.summary.inputs;
          const seen = (input: (typeof ofOne)[number]) => ({
            outcome: input.outcome,
            counts: input.counts,
            changes: input.changes && { ...input.changes, since: null },
            error: input.error?.code,
            delivery: {
              ...input.delivery,
              unsentFile: Boolean(input.delivery.unsentFile),
            },
          });
          const what = `${one.output}\n---\n${all.output}`;
          assert.equal(told?.exitCode, one.code, what);
          assert.deepEqual(await together[index]?.map(), await only?.map(), what);
          if (one.summary.destination !== null) assert.deepEqual(inputs.map(seen), ofOne.map(seen), what);
        }
        assert.equal(all.code, gravest(codes), all.output);
      }
    } finally {
      for (const server of [...together, ...alone]) await server.close();
    }
  };
  await fc.assert(fc.asyncProperty(nights, live), { numRuns: RUNS });
});
