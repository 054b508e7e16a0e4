import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandPart, CommandStream } from '../../src/host-input/command-stream.ts';
import { noProgress } from '../../src/progress.ts';
import type { ManagementCenterSimulator } from '../../src/simulators/management-center/simulator.ts';
import { managementCenterSink, type ManagementCenterSinkOptions } from '../../src/destination/dispatch.ts';
import { type Delivery, emptyDelivery, type SinkContext } from '../../src/destination/sink.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { recordingLog } from './recording-log.ts';
import { connectTo, impatient, timeouts } from './management-center.ts';

export interface Outcome {
  readonly delivery: Delivery;
  readonly lines: readonly string[];
  /** What the sink threw. */
  readonly error: unknown;
  /** Where unsent commands go, and what is there. */
  readonly unsentPath: string;
  readonly unsent: string | undefined;
}

const folder = await temporaryDirectory();
let deliveries = 0;

/** Runs the sink against a simulator, and tells how it ended; the simulator has then seen all connections end. */
export async function deliver(
  simulator: ManagementCenterSimulator,
  parts: Iterable<CommandPart> | CommandStream,
  options: Partial<ManagementCenterSinkOptions> = {},
  context: Partial<SinkContext> = {},
): Promise<Outcome> {
  const delivery = emptyDelivery();
  const log = recordingLog();
  const unsentPath = options.unsentFile ?? join(folder, `unsent-${++deliveries}.csv`);
  const sink = managementCenterSink({
    connect: connectTo(simulator),
    retries: 5,
    timeouts,
    unsentFile: unsentPath,
    startTimer: impatient,
    ...options,
  });
  const stream = Symbol.asyncIterator in parts ? parts : streamOf(parts);
  const error: unknown = await sink(stream, {
    log,
    progress: noProgress,
    signal: new AbortController().signal,
    ofHosts: () => undefined,
    delivery,
    ...context,
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await simulator.settled();
  const unsent = await readFile(unsentPath, 'utf8').catch(() => undefined);
  return { delivery, lines: log.lines, error, unsentPath, unsent };
}

export async function* streamOf(parts: Iterable<CommandPart>): CommandStream {
  for (const part of parts) {
    await Promise.resolve();
    yield [part];
  }
}
