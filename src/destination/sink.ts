import type { CommandStream } from '../host-input/command-stream.ts';
import type { Log } from '../log/log.ts';
import type { Progress } from '../progress.ts';

/** What a sink did with a stream. Counts are of what was acknowledged (or written to the file). */
export interface Delivery {
  units: number;
  commands: number;
  findings: number;
  bytes: number;
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
}

/** The end of the stream: consumes every part; resolves only when all of it is safely delivered. */
export type Sink = (stream: CommandStream, context: SinkContext) => Promise<void>;

export function emptyDelivery(): Delivery {
  return {
    units: 0,
    commands: 0,
    findings: 0,
    bytes: 0,
    blocks: 0,
    processed: undefined,
    complaints: 0,
    unsentFile: undefined,
  };
}
