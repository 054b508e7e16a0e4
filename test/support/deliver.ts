import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandPart, CommandStream } from '../../src/host-input/command-stream.ts';
import { noProgress } from '../../src/progress.ts';
import type { ManagementCenterSimulator } from '../../src/simulators/management-center/simulator.ts';
import { managementCenterSink, type ManagementCenterSinkOptions } from '../../src/destination/dispatch.ts';
import { type Delivery, emptyDelivery, type SinkContext } from '../../src/destination/sink.ts';
import { UnsentFile } from '../../src/destination/unsent-file.ts';
import { connectTo, impatient, timeouts } from './management-center.ts';
import { recordingLog } from './recording-log.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface Outcome {
  readonly delivery: Delivery;
  readonly lines: readonly string[];
  /** What the sink threw. */
  readonly error: unknown;
  /** Where unsent commands go, and what is there. */
  readonly unsentPath: string;
  readonly unsent: string | undefined;
}

export interface DeliverOptions extends Partial<ManagementCenterSinkOptions> {
  /** Where unsent commands go; default: a place that is removed. */
  readonly unsentPath?: string;
}

const folder = await temporaryDirectory();
let deliveries = 0;

/** Runs the sink against a simulator, and tells how it ended; the simulator has then seen all connections end. */
export async function deliver(
  simulator: ManagementCenterSimulator,
  parts: Iterable<CommandPart> | CommandStream,
  { unsentPath, ...options }: DeliverOptions = {},
  context: Partial<SinkContext> = {},
): Promise<Outcome> {
  const delivery = emptyDelivery();
  const log = recordingLog();
  const path = unsentPath ?? join(folder, `unsent-${++deliveries}.csv`);
  const unsentFile = options.unsentFile ?? new UnsentFile(path);
  const sink = managementCenterSink({
    connect: connectTo(simulator),
    retries: 5,
    timeouts,
    clock: impatient,
    ...options,
    unsentFile,
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
  const unsent = await readFile(unsentFile.path, 'utf8').catch(() => undefined);
  return { delivery, lines: log.lines, error, unsentPath: unsentFile.path, unsent };
}

export async function* streamOf(parts: Iterable<CommandPart>): CommandStream {
  for (const part of parts) {
    await Promise.resolve();
    yield [part];
  }
}
