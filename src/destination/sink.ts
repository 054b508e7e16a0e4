import { type CommandStream, NOTHING, type Tally } from '../host-input/command-stream.ts';
import type { Log } from '../log/log.ts';
import type { Progress } from '../progress.ts';

/** What a sink did with a stream: a tally of what was acknowledged (or written to the file), and how that went. */
export interface Delivery extends Tally {
  /** Data blocks sent; 0 for a file. */
  blocks: number;
  /** Commands that the Management Center says it processed; undefined where it gave no count. */
  processed: number | undefined;
  /** Replies that complained. */
  complaints: number;
  /** Where commands that could not be delivered are kept; undefined: nowhere. */
  unsentFile: string | undefined;
}

export interface SinkContext {
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted when the run is to end early; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** How many hosts are to come, where known. */
  readonly ofHosts: () => number | undefined;
  /** Kept up to date while the sink works, so that a failed run can still tell what is in. */
  readonly delivery: Delivery;
  /**
   * Told the hosts of units that are acknowledged without a complaint, in their order, a host for each unit; undefined: all
   * of the stream is. A unit that nothing had to be sent of is not told.
   */
  readonly onAcknowledged?: ((addresses: readonly string[] | undefined) => void) | undefined;
}

/** The end of the stream: consumes every part; resolves only when all of it is safely delivered. */
export type Sink = (stream: CommandStream, context: SinkContext) => Promise<void>;

export function emptyDelivery(): Delivery {
  return { ...NOTHING, blocks: 0, processed: undefined, complaints: 0, unsentFile: undefined };
}
