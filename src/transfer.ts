import type { ConversionCounts } from './conversion/counts.ts';
import type { InputContext, OpenInput, PreparedInput } from './input-plugin.ts';
import { type Delivery, emptyDelivery, type Sink } from './destination/sink.ts';

/** What became of one input: a report template, a report file or a command file. */
export interface Transfer {
  readonly label: string;
  readonly template: string | undefined;
  /** The CSV file, where that is the destination. */
  file: string | undefined;
  readonly delivery: Delivery;
  counts: ConversionCounts | undefined;
  /** Hosts that the stream was to hold, where known. */
  hosts: number | undefined;
  /** Seconds for each stage; absent: not reached. */
  readonly seconds: { obtain?: number; deliver?: number };
  /** Why it failed; undefined: all of it is delivered. */
  error: unknown;
}

export function newTransfer(input: PreparedInput): Transfer {
  return {
    label: input.label,
    template: input.template,
    file: undefined,
    delivery: emptyDelivery(),
    counts: undefined,
    hosts: undefined,
    seconds: {},
    error: undefined,
  };
}

/** Brings one input to its sink and fills in the transfer, also when it fails. Never rejects. */
export async function carryOut(
  transfer: Transfer,
  opening: Promise<OpenInput>,
  sink: Sink,
  context: InputContext,
): Promise<void> {
  let open: OpenInput | undefined;
  try {
    open = await timed(transfer, 'obtain', () => opening);
    const input = open;
    transfer.counts = input.counts;
    context.signal.throwIfAborted();
    await timed(transfer, 'deliver', () =>
      sink(input.commands, { ...context, ofHosts: input.ofHosts, delivery: transfer.delivery }),
    );
  } catch (error) {
    transfer.error = error;
  } finally {
    transfer.hosts = open?.ofHosts();
    context.progress.end();
    await open?.close();
  }
}

async function timed<T>(
  transfer: Transfer,
  stage: keyof Transfer['seconds'],
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    transfer.seconds[stage] = (performance.now() - started) / 1000;
  }
}
