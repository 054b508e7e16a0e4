import { availableParallelism, cpus } from 'node:os';
import type { Growth } from './growth.ts';
import { type Measured, median } from './measure.ts';
import type { StageTimes } from './profile.ts';

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Megabytes that it reads of a report; 0: none. */
  readonly size?: number;
  /** Hosts whose detections it reads. */
  readonly hosts?: number;
  /** Programs that take minutes run once. */
  readonly once?: boolean;
  /** Whether it is also told what its time goes into. */
  readonly stages?: boolean;
}

interface Row extends Program {
  readonly size: number;
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
}

/** The page of all figures: medians of the rounds of each program. */
export function tableOf(
  programs: readonly Program[],
  results: ReadonlyMap<string, readonly Measured[]>,
  stages: ReadonlyMap<string, StageTimes>,
  growths: readonly Growth[],
  rounds: string,
): string {
  const rows = programs.map((program) => rowOf(program, results.get(program.name) ?? []));
  return `# How fast a report is read

Written by \`npm run bench\`, not by hand. Medians of ${rounds} rounds in turn (Perl and large reports: one), on
${cpus()[0]?.model ?? 'an unknown processor'}, ${availableParallelism()} processors, Node ${process.version}, ${process.platform}.
Times are of the whole process, start-up included. "× xmlwf" compares the time for each megabyte with expat's bare check.

${readersTable(rows)}
${beginnersTable(rows)}
Detections, 40 for each host on average, from a server on the same machine that makes its pages of 1,000 hosts while it
sends them, in a process of its own:

${detectionsTable(rows)}
Once more, watched by V8's profiler, which costs some time itself. "Waiting" is for the disk or the other side.

${stagesTable(stages)}
How the processor time grows with what a stranger may choose the size of: linear growth makes at most four times of it.

${growthTable(growths)}`;
}

function rowOf(program: Program, rounds: readonly Measured[]): Row {
  return {
    ...program,
    size: program.size ?? 0,
    wall: median(rounds.map(({ wall }) => wall)),
    cpu: median(rounds.map(({ cpu }) => cpu)),
    peak: Math.max(...rounds.map(({ peak }) => peak ?? 0)),
  };
}

function readersTable(rows: readonly Row[]): string {
  const floor = rows.find(({ command }) => command[0] === 'xmlwf');
  return tableText(
    ['program', 'MB', 'seconds', 'CPU seconds', 'MB/s', 'time × xmlwf', 'CPU × xmlwf', 'peak memory MB'],
    rows
      .filter(({ size }) => size > 0)
      .map(({ name, size, wall, cpu, peak }) => [
        name,
        size.toFixed(0),
        wall.toFixed(2),
        cpu.toFixed(2),
        (size / wall).toFixed(0),
        floor ? (wall / size / (floor.wall / floor.size)).toFixed(2) : '-',
        floor ? (cpu / size / (floor.cpu / floor.size)).toFixed(2) : '-',
        peak > 0 ? String(peak) : '-',
      ]),
  );
}

function beginnersTable(rows: readonly Row[]): string {
  return tableText(
    ['to begin', 'seconds', 'CPU seconds'],
    rows
      .filter(({ size, hosts }) => size === 0 && hosts === undefined)
      .map(({ name, wall, cpu }) => [name, wall.toFixed(3), cpu.toFixed(3)]),
  );
}

function detectionsTable(rows: readonly Row[]): string {
  return tableText(
    ['program', 'hosts', 'seconds', 'CPU seconds', 'peak memory MB'],
    rows.flatMap(({ name, hosts, wall, cpu, peak }) =>
      hosts === undefined
        ? []
        : [[name, hosts.toLocaleString('en'), wall.toFixed(2), cpu.toFixed(2), String(peak)]],
    ),
  );
}

function stagesTable(stages: ReadonlyMap<string, StageTimes>): string {
  const names = Object.keys([...stages.values()][0] ?? {});
  return tableText(
    ['ms', ...names],
    [...stages].map(([name, times]) => [
      name,
      ...Object.values(times).map((time: number) => time.toFixed(0)),
    ]),
  );
}

function growthTable(growths: readonly Growth[]): string {
  return tableText(
    ['what grows', 'how many', 'CPU seconds', 'four times as many', 'CPU seconds', 'times'],
    growths.map(({ what, size, seconds: [once, fourfold] }) => [
      what,
      size.toLocaleString('en'),
      once.toFixed(2),
      (4 * size).toLocaleString('en'),
      fourfold.toFixed(2),
      (fourfold / once).toFixed(1),
    ]),
  );
}

function tableText(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = heads.map((_, index) => (index === 0 ? '---' : '--:'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** What a program's figures were on the page before, and are now: one line for each that both pages have. */
export function changes(before: string, now: string): string {
  const old = figuresOf(before);
  const lines = [...figuresOf(now)].flatMap(([name, { times, peak }]) => {
    const was = old.get(name);
    if (was === undefined || name.startsWith('xmlwf')) return [];
    return [`${name}: time × xmlwf ${change(was.times, times)}, peak memory MB ${change(was.peak, peak)}`];
  });
  return ['Since the page was last written (another machine changes the ratios too):', ...lines, ''].join(
    '\n',
  );
}

function figuresOf(page: string): Map<string, { readonly times: string; readonly peak: string }> {
  const [readers = ''] = page.split('| to begin');
  const rows = readers.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(
    rows
      .filter((cells) => cells.length === 10 && /^\d+$/.test(cells[2] ?? ''))
      .map((cells) => [cells[1] ?? '', { times: cells[6] ?? '', peak: cells[8] ?? '' }]),
  );
}

function change(was: string, is: string): string {
  const percent = Math.round((Number(is) / Number(was) - 1) * 100);
  return `${was} → ${is}${Number.isFinite(percent) ? ` (${percent > 0 ? '+' : ''}${percent} %)` : ''}`;
}
