import type { ConversionCounts } from './conversion/counts.ts';
import type { Destination } from './destination/destination.ts';
import { type Delivery, emptyDelivery, type Sink } from './destination/sink.ts';
import { ExitCode } from './exit-code.ts';
import type { CommandStream } from './host-input/command-stream.ts';
import type { InputContext, OpenInput, PreparedInput } from './input-plugin.ts';
import type { Log } from './log/log.ts';
import type { OpenLog } from './log/open-log.ts';
import { exitCodeOf, logFailure } from './outcome.ts';
import type { DetectionCounts } from './records/detection-counts.ts';
import { DEFAULT_CHANGE_RULES, LONGEST_LINE } from './state/change-rules.ts';
import type { Changes } from './state/changes.ts';
import type { InputMemory, Opened } from './state/input-memory.ts';
import type { RunMemory } from './state/run-memory.ts';
import { VERSION } from './version.ts';

/** What became of one input: a report template, a report file or a command file. */
export interface Transfer {
  readonly label: string;
  /** The report template's id, where there is one. */
  readonly template: string | undefined;
  /** The CSV file, where that is the destination. */
  file: string | undefined;
  readonly delivery: Delivery;
  counts: ConversionCounts | undefined;
  detection?: DetectionCounts | undefined;
  /** What is different from last time; undefined: that is not known, or nobody asked. */
  changes: Changes | undefined;
  /** Why somebody should look, although all is delivered: too many hosts are gone, or it is not remembered. Messages. */
  concerns: readonly string[];
  /** Seconds for each stage; absent: not reached. */
  readonly seconds: { obtain?: number; deliver?: number };
  /** Why it failed; undefined: all of it is delivered. */
  error: unknown;
}

export interface TransferContext extends InputContext {
  readonly log: OpenLog;
  /** What the stream of each input passes on its way to the sink, in this order. */
  readonly passes?: readonly Pass[];
  /** What was acknowledged, and what of an input is sent; undefined: nothing is remembered, and all is. */
  readonly memory?: RunMemory | undefined;
}

/** Looks at an input's stream, or chooses what of it goes on. */
export type Pass = (stream: CommandStream, transfer: Transfer) => CommandStream;

export function newTransfer({ label, templateId }: PreparedInput): Transfer {
  return {
    label,
    template: templateId,
    file: undefined,
    delivery: emptyDelivery(),
    counts: undefined,
    changes: undefined,
    concerns: [],
    seconds: {},
    error: undefined,
  };
}

export function exitCodeOfTransfer({ error, delivery, concerns }: Transfer): ExitCode {
  if (error !== undefined) return exitCodeOf(error);
  return delivery.complaints > 0 || concerns.length > 0 ? ExitCode.complaint : ExitCode.done;
}

/**
 * One input after the other; with `overlap` the next one's report is generated while this one is sent. What fails is
 * logged and kept in its transfer.
 * @param transfers one for each input, to be filled in
 * @throws the signal's reason, when nothing is under way
 */
export async function transferAll(
  inputs: readonly PreparedInput[],
  transfers: readonly Transfer[],
  destination: Destination,
  context: TransferContext,
  overlap: boolean,
): Promise<void> {
  let ahead: Promise<OpenInput> | undefined;
  const memories = inputs.map((input) => memoryOf(input, destination, context));
  try {
    for (const [index, input] of inputs.entries()) {
      const transfer = transfers[index];
      if (!transfer) break;
      context.signal.throwIfAborted();
      const memory = memories[index];
      const ours = contextFor(input, context, memory);
      transfer.file = destination.file(input.template);
      const opening = ahead ?? input.open(ours);
      const next = inputs[index + 1];
      ahead =
        overlap && next
          ? openAfter(opening, next, contextFor(next, context, memories[index + 1]))
          : undefined;
      await carryOut(transfer, opening, destination.sink(input.template), ours, context.passes, memory);
      if (transfer.error !== undefined) logFailure(ours.log, transfer.error);
      if (context.signal.aborted && transfer.error === context.signal.reason) break;
    }
  } finally {
    // Interrupted: what was opened ahead is not read any more.
    await ahead?.then((open) => open.close()).catch(() => undefined);
  }
}

/** With several templates the log says which one a line is about. */
function logFor({ template }: PreparedInput, { log }: TransferContext): Log {
  return template === undefined ? log : log.labelled(template);
}

function contextFor(
  input: PreparedInput,
  context: TransferContext,
  memory: InputMemory | undefined,
): InputContext {
  const log = logFor(input, context);
  return memory
    ? { ...context, log, detailed: true, onSilentHost: memory.onSilentHost }
    : { ...context, log };
}

function memoryOf(
  input: PreparedInput,
  { delivered }: Destination,
  context: TransferContext,
): InputMemory | undefined {
  const { label, rules, changeRules = DEFAULT_CHANGE_RULES, template } = input;
  const about = {
    source: label,
    // Made by no rules of a YAML: commands as they are.
    isPassing: rules === undefined,
    rules: { ...rules, version: VERSION, [LONGEST_LINE]: String(context.maximumLine) },
    changeRules,
  };
  return context.memory?.of(about, logFor(input, context), template === undefined ? undefined : delivered);
}

function openAfter(
  current: Promise<unknown>,
  next: PreparedInput,
  context: InputContext,
): Promise<OpenInput> {
  const open = (): Promise<OpenInput> => next.open(context);
  const opening = current.then(open, open);
  // carryOut awaits it later; until then a failure is not "unhandled".
  opening.catch(() => undefined);
  return opening;
}

/** Brings one input to its sink and fills in the transfer, also when it fails. Never rejects. */
async function carryOut(
  transfer: Transfer,
  opening: Promise<OpenInput>,
  sink: Sink,
  context: InputContext,
  passes: readonly Pass[] = [],
  memory?: InputMemory,
): Promise<void> {
  let open: OpenInput | undefined;
  try {
    open = await timed(transfer, 'obtain', () => opening);
    const input = open;
    transfer.counts = input.counts;
    transfer.detection = input.detection;
    context.signal.throwIfAborted();
    const looked = passes.reduce((stream, pass) => pass(stream, transfer), input.commands);
    const commands = memory?.choose(looked, openedOf(input)) ?? looked;
    const ofHosts = (): number | undefined => lessSpared(input.ofHosts(), memory);
    const { delivery } = transfer;
    await timed(transfer, 'deliver', () =>
      sink(commands, { ...context, ofHosts, delivery, onAcknowledged: memory?.onAcknowledged }),
    );
  } catch (error) {
    transfer.error = error;
  } finally {
    context.progress.end();
    await memory?.finish();
    transfer.changes = memory?.changes;
    transfer.concerns = memory?.concerns ?? [];
    await open?.close();
  }
}

function openedOf({ incomparable, counts }: OpenInput): Opened {
  return { incomparable, isWhole: () => (counts?.hosts.skipped.error ?? 0) === 0 };
}

function lessSpared(hosts: number | undefined, memory: InputMemory | undefined): number | undefined {
  return hosts === undefined ? undefined : hosts - (memory?.spared ?? 0);
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
