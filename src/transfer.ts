import { secondsSince } from './clock.ts';
import type { ConversionCounts } from './conversion/counts.ts';
import type { Destination } from './destination/destination.ts';
import { type Delivery, emptyDelivery } from './destination/sink.ts';
import { ExitCode } from './exit-code.ts';
import type { CommandStream } from './host-input/command-stream.ts';
import type { InputContext, OpenInput, PreparedInput } from './input-plugin.ts';
import type { Log } from './log/log.ts';
import type { OpenLog } from './log/open-log.ts';
import { exitCodeOf, logFailure } from './outcome.ts';
import { type Progress, progressShares } from './progress.ts';
import type { DetectionCounts } from './records/detection-counts.ts';
import type { ReusedReport } from './records/reused-report.ts';
import { SharedInput } from './shared-input.ts';
import { DEFAULT_CHANGE_RULES, LONGEST_LINE } from './state/change-rules.ts';
import type { Changes } from './state/changes.ts';
import type { InputMemory, Opened } from './state/input-memory.ts';
import type { RunMemory } from './state/run-memory.ts';
import { VERSION } from './version.ts';

/** What became of one input: a report template, a report file or a command file. */
export interface Transfer {
  readonly label: string;
  /** The Management Center, where there are several: `host:port`. */
  readonly server: string | undefined;
  /** The report template's id, where there is one. */
  readonly template: string | undefined;
  /** The CSV file, where that is the destination. */
  file: string | undefined;
  readonly delivery: Delivery;
  counts: ConversionCounts | undefined;
  detection?: DetectionCounts | undefined;
  /** The report of an earlier run that took the place of a new one. */
  reused?: ReusedReport | undefined;
  /** What is different from last time; undefined: that is not known, or nobody asked. */
  changes: Changes | undefined;
  /** Why somebody should look, although all is delivered: too many hosts are gone, or it is not remembered. Messages. */
  concerns: readonly string[];
  /** Files of unsent commands of earlier runs that this one has delivered otherwise, and removed. Paths. */
  superseded: readonly string[];
  /** Seconds for each stage; absent: not reached. */
  readonly seconds: { obtain?: number; deliver?: number };
  /** Why it failed; undefined: all of it is delivered. */
  error: unknown;
}

export interface TransferContext extends InputContext {
  readonly log: OpenLog;
  /** What the stream of each input passes on its way to the sink, in this order. */
  readonly passes?: readonly Pass[];
  /** Told which hosts of an input have findings that they did not have last time, once that is known. */
  readonly onCompared?: ((transfer: Transfer, hasGained: InputMemory['hasGained']) => void) | undefined;
}

/** One destination of a run, ready for what the inputs hold. */
export interface Receiver {
  /** Its name, where there are several. */
  readonly server: string | undefined;
  readonly destination: Destination;
  /** One for each input, to be filled in. */
  readonly transfers: readonly Transfer[];
  /** What was acknowledged, and what of an input is sent; undefined: nothing is remembered, and all is. */
  readonly memory: RunMemory | undefined;
  /** Of the Management Center, in the place of the configuration's. */
  readonly domain: string | undefined;
}

/** Looks at an input's stream, or chooses what of it goes on. */
type Pass = (stream: CommandStream, transfer: Transfer) => CommandStream;

export function newTransfer({ label, templateId }: PreparedInput, server?: string): Transfer {
  return {
    label,
    server,
    template: templateId,
    file: undefined,
    delivery: emptyDelivery(),
    counts: undefined,
    changes: undefined,
    concerns: [],
    superseded: [],
    seconds: {},
    error: undefined,
  };
}

export function exitCodeOfTransfer({ error, delivery, concerns }: Transfer): ExitCode {
  if (error !== undefined) return exitCodeOf(error);
  return delivery.complaints > 0 || concerns.length > 0 ? ExitCode.complaint : ExitCode.done;
}

interface TransferOptions {
  readonly overlap: boolean;
  readonly parallel: boolean;
  /** Others should have the inputs too, and are not ready. */
  readonly areMissing?: boolean;
}

/**
 * One input after the other, each to one receiver after the other, or with `parallel` to all at once; with `overlap` the
 * next one's report is generated while this one is sent. What fails is logged and kept in its transfer.
 * @throws the signal's reason, when nothing is under way
 */
export async function transferAll(
  inputs: readonly PreparedInput[],
  receivers: readonly Receiver[],
  context: TransferContext,
  { overlap, parallel, areMissing = false }: TransferOptions,
): Promise<void> {
  let ahead: Promise<OpenInput> | undefined;
  try {
    for (const [index, input] of inputs.entries()) {
      context.signal.throwIfAborted();
      const opening = ahead ?? input.open(contextFor(input, context));
      const next = inputs[index + 1];
      ahead = overlap && next ? openAfter(opening, next, contextFor(next, context)) : undefined;
      const shared = new SharedInput(opening, receivers.length, areMissing);
      const carry = async (receiver: Receiver, progress: Progress): Promise<void> => {
        const transfer = receiver.transfers[index];
        if (!transfer) return;
        await carryOut(transfer, shared, input, receiver, { ...context, progress });
      };
      try {
        if (parallel) await toAllAtOnce(receivers, context, carry);
        else await toOneByOne(receivers, index, context, carry);
      } finally {
        await shared.close();
      }
      if (receivers.some(({ transfers }) => isInterrupted(transfers[index], context))) return;
    }
  } finally {
    // Interrupted: what was opened ahead is not read any more.
    await ahead?.then((open) => open.close()).catch(() => undefined);
  }
}

type Carry = (receiver: Receiver, progress: Progress) => Promise<void>;

async function toOneByOne(
  receivers: readonly Receiver[],
  input: number,
  context: TransferContext,
  carry: Carry,
): Promise<void> {
  for (const receiver of receivers) {
    context.signal.throwIfAborted();
    await carry(receiver, context.progress);
    if (isInterrupted(receiver.transfers[input], context)) return;
  }
}

async function toAllAtOnce(
  receivers: readonly Receiver[],
  { progress }: TransferContext,
  carry: Carry,
): Promise<void> {
  const shares = progressShares(progress, receivers.length);
  await Promise.all(receivers.map((receiver, index) => carry(receiver, shares[index] ?? progress)));
}

function isInterrupted(transfer: Transfer | undefined, { signal }: TransferContext): boolean {
  return signal.aborted && transfer?.error === signal.reason;
}

/** With several templates, or servers, the log says which one a line is about. */
function logFor({ template }: PreparedInput, { log }: TransferContext, server?: string): Log {
  return template === undefined && server === undefined ? log : log.labelled(template, server);
}

function contextFor(input: PreparedInput, context: TransferContext, server?: string): InputContext {
  return { ...context, log: logFor(input, context, server) };
}

function memoryOf(
  input: PreparedInput,
  { memory, destination, domain, server }: Receiver,
  context: TransferContext,
): InputMemory | undefined {
  const { label, rules, changeRules = DEFAULT_CHANGE_RULES, template } = input;
  const about = {
    source: label,
    // Made by no rules of a YAML: commands as they are.
    isPassing: rules === undefined,
    rules: {
      ...rules,
      ...(rules && domain !== undefined && { domain }),
      version: VERSION,
      [LONGEST_LINE]: String(context.maximumLine),
    },
    changeRules,
  };
  const delivered = template === undefined ? undefined : destination.delivered;
  return memory?.of(about, logFor(input, context, server), delivered);
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

/** Brings one input to one receiver and fills in the transfer, also when it fails. Never rejects. */
async function carryOut(
  transfer: Transfer,
  shared: SharedInput,
  input: PreparedInput,
  receiver: Receiver,
  context: TransferContext,
): Promise<void> {
  const { server, destination, domain } = receiver;
  const { passes = [] } = context;
  const ours = contextFor(input, context, server);
  const memory = memoryOf(input, receiver, context);
  transfer.file = destination.file(input.template);
  try {
    const open = await shared.opened();
    transfer.seconds.obtain = shared.seconds;
    const { commands, ofHosts, counts } = open.read({ onSilentHost: memory?.onSilentHost, domain });
    transfer.counts = counts;
    transfer.reused = open.reused;
    context.signal.throwIfAborted();
    const looked = passes.reduce((stream, pass) => pass(stream, transfer), commands);
    const chosen = memory?.choose(looked, openedOf(open, counts)) ?? looked;
    const sink = destination.sink(input.template);
    await timed(transfer, 'deliver', () =>
      sink(chosen, {
        ...ours,
        ofHosts: () => lessSpared(ofHosts(), memory),
        delivery: transfer.delivery,
        onAcknowledged: memory?.onAcknowledged,
      }),
    );
  } catch (error) {
    transfer.seconds.obtain ??= shared.seconds;
    transfer.error = error;
  } finally {
    context.progress.end();
    transfer.detection = input.detection?.();
    const { complaints, unsentFile } = transfer.delivery;
    await memory?.finish({ isDelivered: transfer.error === undefined && complaints === 0, unsentFile });
    transfer.superseded = memory?.superseded ?? [];
    transfer.changes = memory?.changes;
    if (memory) context.onCompared?.(transfer, memory.hasGained);
    transfer.concerns = memory?.concerns ?? [];
    await shared.done(transfer.error === undefined);
  }
  if (transfer.error === undefined || shared.told.has(transfer.error)) return;
  shared.told.add(transfer.error);
  // What no server has to do with is told without any.
  logFailure(shared.isOpen ? ours.log : logFor(input, context), transfer.error);
}

function openedOf({ incomparable }: OpenInput, counts: ConversionCounts | undefined): Opened {
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
    transfer.seconds[stage] = secondsSince(started);
  }
}
