import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the time of a run goes into: milliseconds. */
export interface StageTimes {
  readonly starting: number;
  readonly reading: number;
  readonly converting: number;
  readonly writing: number;
  readonly garbage: number;
  /** For the disk or the other side. */
  readonly waiting: number;
  readonly other: number;
}

type Stage = keyof StageTimes;

/** The rooms of src whose functions, and what these call, are a stage. */
const ROOMS: readonly (readonly [RegExp, Stage])[] = [
  [/\/src\/(?:report|xml|qualys)\//, 'reading'],
  [/\/src\/(?:conversion|text)\//, 'converting'],
  [/\/src\/(?:destination|host-input|management-center|files)\//, 'writing'],
  [/^node:internal\/(?:modules|bootstrap)\//, 'starting'],
];

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** As `node --cpu-prof` writes it; times in microseconds. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Runs a command of node's once more, watched by V8's profiler, which costs some time itself. Throws when it fails. */
export function profile(command: readonly string[], directory: string): StageTimes {
  const folder = mkdtempSync(join(directory, 'profile-'));
  const [node = '', ...words] = command;
  const { status, stderr } = spawnSync(node, ['--cpu-prof', `--cpu-prof-dir=${folder}`, ...words], {
    encoding: 'utf8',
    env: { ...process.env, BENCH_USAGE: join(directory, 'usage') },
  });
  const [file] = readdirSync(folder);
  if (status !== 0 || file === undefined) throw new Error(`${command.join(' ')} failed: ${stderr}`);
  return timesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile);
}

function timesOf({ nodes, samples, timeDeltas }: CpuProfile): StageTimes {
  const stages = stagesOf(nodes);
  const times = { starting: 0, reading: 0, converting: 0, writing: 0, garbage: 0, waiting: 0, other: 0 };
  for (const [index, id] of samples.entries()) {
    times[stages.get(id) ?? 'other'] += (timeDeltas[index] ?? 0) / 1000;
  }
  return times;
}

/** A function of no room of its own works for the nearest caller that has one. */
function stagesOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, Stage> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages = new Map<number, Stage>();
  const [root] = nodes;
  const waiting: (readonly [ProfileNode, Stage])[] = root ? [[root, 'other']] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, caller] = next;
    const stage = ownStage(node) ?? caller;
    stages.set(node.id, stage);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child) waiting.push([child, stage]);
    }
  }
  return stages;
}

function ownStage({ callFrame: { functionName, url } }: ProfileNode): Stage | undefined {
  if (functionName === '(garbage collector)') return 'garbage';
  if (functionName === '(idle)') return 'waiting';
  return ROOMS.find(([room]) => room.test(url))?.[1];
}
