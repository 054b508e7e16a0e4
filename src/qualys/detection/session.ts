import type { Log } from '../../log/log.ts';
import type { Progress } from '../../progress.ts';
import type { Clock } from '../../clock.ts';
import type { DetectionCounts } from '../../records/detection-counts.ts';
import type { DetectionAccess } from '../access.ts';
import type { QualysConnection } from '../connection/connection.ts';
import type { Persistence } from '../retry/persist.ts';
import { startTimeBudget } from '../retry/time-budget.ts';
import { DetectionTimeOutError } from './errors.ts';

/** What the steps of reading the detections share. */
export interface DetectionSession extends Persistence {
  readonly access: DetectionAccess;
  readonly connection: QualysConnection;
  readonly progress: Progress;
  readonly counts: DetectionCounts;
  /** Names what is going on, for the message of a time-out. */
  readonly doing: (what: string) => void;
  /** Tells the progress of the bytes of an answer. */
  readonly watch: (bytes: number) => void;
}

export interface DetectionMeans {
  readonly access: DetectionAccess;
  readonly connection: QualysConnection;
  readonly log: Log;
  readonly progress: Progress;
  /** Counted on in it. */
  readonly counts: DetectionCounts;
}

/** From now on report_timeout runs; what is going on when it ends, and the last trouble, are in the error then. */
export function beginDetection(means: DetectionMeans, clock: Clock, signal: AbortSignal): DetectionSession {
  const { reportTimeout: seconds } = means.access;
  const story: { doing: string; trouble: string | undefined } = { doing: 'connecting', trouble: undefined };
  const { counts } = means;
  const received = { before: 0, latest: 0 };
  return {
    ...means,
    budget: startTimeBudget({
      clock,
      seconds,
      parent: signal,
      expired: () => new DetectionTimeOutError(seconds, story.doing, story.trouble),
    }),
    doing: (what) => (story.doing = what),
    troubled: (trouble) => (story.trouble = trouble),
    pausing(pause, { waitSeconds, number }) {
      if (waitSeconds !== undefined || number === 1960) counts.limitSeconds += Math.round(pause);
    },
    watch(bytes) {
      // Fewer than before: another answer has begun.
      if (bytes < received.latest) received.before += received.latest;
      received.latest = bytes;
      means.progress.downloading(received.before + bytes, undefined);
    },
  };
}
