import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ConversionCounts, emptyConversionCounts } from '../../src/conversion/counts.ts';
import { Conversion } from '../../src/conversion/convert-records.ts';
import type { CommandPart } from '../../src/host-input/command-stream.ts';
import { type DetectionCounts, noDetectionCounts } from '../../src/records/detection-counts.ts';
import { noProgress } from '../../src/progress.ts';
import type { DetectionAccess } from '../../src/qualys/access.ts';
import { readDetections } from '../../src/qualys/read-detections.ts';
import type { SimulatedDetections } from '../../src/simulators/qualys/detection/assets.ts';
import type { QualysSimulatorOptions } from '../../src/simulators/qualys/qualys-simulator.ts';
import { SampleHosts } from '../../src/simulators/sample-hosts.ts';
import { openRoom, type QualysRoom } from './qualys-room.ts';

/** What was read, as commands. */
interface ReadDetections {
  readonly parts: readonly CommandPart[];
  readonly lines: readonly string[];
  readonly counts: ConversionCounts;
  readonly detection: DetectionCounts;
}

/** A simulated Qualys with detections, a directory for the cache, and a client whose time is fake. */
export interface DetectionRoom extends QualysRoom {
  readonly cache: string;
  /** Reads all of it and makes commands of it, as a run does. */
  read(changes?: Partial<DetectionAccess>): Promise<ReadDetections>;
  /** The parameters of each call of the detections, or of the KnowledgeBase. */
  asked(what: 'detection' | 'knowledge_base'): URLSearchParams[];
}

export const HOSTS = 25;

export async function openDetectionRoom(
  t: TestContext,
  detections: Partial<SimulatedDetections> = {},
  more: Partial<QualysSimulatorOptions> = {},
): Promise<DetectionRoom> {
  const hosts = new SampleHosts({ hosts: HOSTS, findingsPerHost: 6 });
  const room = await openRoom(t, { detections: { hosts, ...detections }, ...more });
  const cache = join(room.directory, 'cache');
  mkdirSync(cache);
  return {
    ...room,
    cache,
    read: (changes = {}) => readAll(room, { ...room.config, kbCache: cache, ...changes }),
    asked: (what) =>
      room.simulator.transcript
        .filter(({ url }) => url.includes(`/${what}/`))
        .map(({ body }) => new URLSearchParams(body)),
  };
}

async function readAll({ log, clock, abort }: QualysRoom, access: DetectionAccess): Promise<ReadDetections> {
  const { signal } = abort;
  const detection = noDetectionCounts();
  const detections = await readDetections(access, {
    ...{ log, clock, signal, env: {} },
    progress: noProgress,
    hostDetails: true,
    counts: detection,
  });
  const counts = emptyConversionCounts();
  const commands = new Conversion(
    { name: 'Detection', read: (wanted) => Promise.resolve(detections.records(wanted)) },
    { config: access, maximumLine: 65_536, log, signal, veil: (text) => text },
  ).commands(counts);
  const parts: CommandPart[] = [];
  for await (const batch of commands) parts.push(...batch);
  detections.close();
  const lines = parts.flatMap((part) => part.text.split('\n').slice(0, -1));
  return { parts, lines, counts, detection };
}

/** Time goes on as soon as the server has fallen silent. */
export function letTimePass({ simulator, clock }: DetectionRoom): void {
  for (const event of ['silent', 'stalled'] as const) {
    simulator.events.on(event, () => {
      setImmediate(() => {
        clock.advance(600_000);
      });
    });
  }
}
