import type { Progress } from '../../progress.ts';
import type { Clock } from '../../clock.ts';
import type { DownloadWatch } from '../connection/call.ts';

/** Tells the progress of a download and how long its body took. */
export interface TimedDownload {
  readonly watch: DownloadWatch;
  /** From the first byte of the latest body to its last. */
  seconds(): number;
}

export function timeDownload(clock: Clock, progress: Progress): TimedDownload {
  let received = Infinity;
  let began = 0;
  let latest = 0;
  return {
    watch(bytes, total) {
      latest = clock.monotonic();
      // Not more bytes than before: a body that broke off comes again.
      if (bytes <= received) began = latest;
      received = bytes;
      progress.downloading(bytes, total);
    },
    seconds: () => (latest - began) / 1000,
  };
}
