/** What long work tells of itself while it goes on. Shown on a terminal only (src/cli/progress-bar.ts). */
export interface Progress {
  /** Qualys generates the report: its state's name, per cent where Qualys says it. */
  generating(state: string, percent: number | undefined, waitedSeconds: number): void;
  /** Bytes of the report received so far, of how many where known. */
  downloading(bytes: number, totalBytes: number | undefined): void;
  /** Units acknowledged (or written to the file), of how many where known. */
  sending(sent: { hosts: number; ofHosts: number | undefined; findings: number; blocks: number }): void;
  /** Clears what is shown. */
  end(): void;
}

export const noProgress: Progress = {
  generating: () => undefined,
  downloading: () => undefined,
  sending: () => undefined,
  end: () => undefined,
};

/** For several deliveries at once: what each sends is shown together. */
export function progressShares(progress: Progress, count: number): Progress[] {
  const shares = Array.from({ length: count }, () => ({
    hosts: 0,
    ofHosts: undefined as number | undefined,
    findings: 0,
    blocks: 0,
  }));
  const total = (of: (share: (typeof shares)[number]) => number): number =>
    shares.reduce((sum, share) => sum + of(share), 0);
  let left = count;
  return shares.map((_, index) => ({
    ...progress,
    sending(sent) {
      shares[index] = sent;
      progress.sending({
        hosts: total(({ hosts }) => hosts),
        ofHosts: shares.every(({ ofHosts }) => ofHosts !== undefined)
          ? total(({ ofHosts = 0 }) => ofHosts)
          : undefined,
        findings: total(({ findings }) => findings),
        blocks: total(({ blocks }) => blocks),
      });
    },
    end() {
      if (--left === 0) progress.end();
    },
  }));
}
