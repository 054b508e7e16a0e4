import { grouped as count } from '../text/grouped.ts';
import { harmless } from '../text/harmless.ts';
import type { Progress } from '../progress.ts';

/** Progress on a terminal. */
export interface TerminalProgress extends Progress {
  /** Takes the progress off the screen while `write` writes a line there, then shows it again below. */
  around(write: () => void): void;
}

/** What is needed of a terminal (process.stderr). */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressSurroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** Milliseconds between two drawings: more often only flickers. */
const REDRAW = 100;
const BAR_WIDTH = 20;
/** Columns below which the bar would leave no room for the numbers. */
const NARROW = 60;
const CLEAR_LINE = '\r\u001b[K';
const CYAN = '\u001b[36m';
const PLAIN = '\u001b[39m';

/** Shows one line of progress that is drawn over. Without a terminal (cron, a pipe) it writes nothing at all. */
export function terminalProgress(
  terminal: Terminal,
  { env = process.env, now = () => performance.now() }: ProgressSurroundings = {},
): TerminalProgress {
  if (terminal.isTTY !== true || env.TERM === 'dumb') return silentProgress;
  const coloured = (env.NO_COLOR ?? '') === '';
  const rate = rateMeter(now);
  let shown = '';
  let stage = '';
  let drawnAt = -Infinity;

  const draw = (): void => {
    terminal.write(`${CLEAR_LINE}${shown}`);
    drawnAt = now();
  };
  const show = (newStage: string, share: number | undefined, text: string): void => {
    const begins = newStage !== stage;
    stage = newStage;
    const bar = share === undefined || widthOf(terminal) < NARROW ? '' : `${barOf(share)} `;
    shown = coloured && bar !== '' ? `${CYAN}${bar}${PLAIN}` : bar;
    shown += cutAtWord(text, widthOf(terminal) - 1 - bar.length);
    if (begins || now() - drawnAt >= REDRAW) draw();
  };
  const clear = (): void => {
    if (shown !== '') terminal.write(CLEAR_LINE);
  };

  return {
    generating(state, percent, waitedSeconds) {
      const done = percent === undefined ? '' : `, ${percent} %`;
      const share = percent === undefined ? undefined : percent / 100;
      show(
        'generating',
        share,
        `Qualys makes the report: ${harmless(state)}${done}, ${duration(waitedSeconds)}`,
      );
    },
    downloading(bytes, totalBytes) {
      const speed = rate('downloading', bytes);
      const perSecond = speed === undefined ? '' : `, ${megabytes(speed)}/s`;
      show(
        'downloading',
        shareOf(bytes, totalBytes),
        `Downloading: ${megabytes(bytes)}${ofTotal(totalBytes, megabytes)}${perSecond}`,
      );
    },
    sending({ hosts, ofHosts, findings, blocks }) {
      const speed = rate('sending', hosts);
      const left =
        ofHosts === undefined || speed === undefined || speed === 0
          ? ''
          : `, ${duration((ofHosts - hosts) / speed)} left`;
      const inBlocks = blocks === 0 ? '' : `, ${count(blocks)} ${blocks === 1 ? 'block' : 'blocks'}`;
      show(
        'sending',
        shareOf(hosts, ofHosts),
        `Sending: ${count(hosts)}${ofTotal(ofHosts, count)} hosts, ${count(findings)} findings${inBlocks}${left}`,
      );
    },
    end() {
      clear();
      shown = '';
      stage = '';
    },
    around(write) {
      clear();
      write();
      if (shown !== '') draw();
    },
  };
}

const silentProgress: TerminalProgress = {
  generating: () => undefined,
  downloading: () => undefined,
  sending: () => undefined,
  end: () => undefined,
  around: (write) => {
    write();
  },
};

/** Amount a second since a stage began; undefined in its first second, when it would only jump. */
function rateMeter(now: () => number): (stage: string, amount: number) => number | undefined {
  let stage = '';
  let began = 0;
  let first = 0;
  return (current, amount) => {
    if (current !== stage || amount < first) {
      stage = current;
      began = now();
      first = amount;
    }
    const seconds = (now() - began) / 1000;
    return seconds < 1 ? undefined : (amount - first) / seconds;
  };
}

/** What fits of a line: its first parts, which commas divide, else words; of a first word that does not fit, its beginning. */
function cutAtWord(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = [', ', ' '].map((gap) => text.lastIndexOf(gap, length)).find((place) => place > 0);
  return text.slice(0, Math.max(0, end ?? length));
}

/** A pseudo-terminal that nobody has given a size says 0. */
function widthOf({ columns = 0 }: Terminal): number {
  return columns > 0 ? columns : 80;
}

function shareOf(done: number, of: number | undefined): number | undefined {
  return of === undefined || of === 0 ? undefined : done / of;
}

function barOf(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'-'.repeat(BAR_WIDTH - full)}]`;
}

function ofTotal(total: number | undefined, form: (amount: number) => string): string {
  return total === undefined ? '' : ` of ${form(total)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `45 s`, `3 min 05 s`, `2 h 03 min`. */
function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number: number): string => String(number).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
