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
