/**
 * `npm run bench [-- --rounds=5 --large]`: measures the real command beside programs that do as
 * much or less, and writes test/bench/README.md. `--large` adds a report of 1 GB.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { isInstalled, measure, type Measured, median, nodeCommand } from './measure.ts';

/**
 * `npm run bench [-- --rounds=5 --large]`: measures the real command beside programs that do as
 * much or less, and writes test/bench/README.md. `--large` adds a report of 1 GB.
 */

interface Program {
  readonly name: string;
  readonly command: readonly string[];
  /** Megabytes that it reads. */
  readonly size: number;
  /** Programs that take minutes run once. */
  readonly once?: boolean;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const connector = join(root, 'dist/bin/qualys_connector.js');
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, large: { type: 'boolean', default: false } },
});

const directory = mkdtempSync(join(tmpdir(), 'qualys-connector-bench-'));
const server = spawn(process.execPath, [join(root, 'dist/test/bench/serve.js'), directory], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const programs = [...(await thePrograms(await addressOf(server))), ...startUps()];
  const results = new Map(programs.map(({ name }): [string, Measured[]] => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const program of programs) {
      if (round === 0 || program.once !== true) {
        results.get(program.name)?.push(measure(program.command, directory));
      }
    }
  }
  const table = tableOf(programs, results);
  writeFileSync(join(root, 'test/bench/README.md'), table);
  console.log(table);
} finally {
  server.kill();
  rmSync(directory, { recursive: true });
}

interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly pkcs12: string;
  readonly password: string;
}

async function addressOf({ stdout }: ChildProcess): Promise<ServerAddress> {
  const [line] = (await once(stdout ?? process.stdin, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as ServerAddress;
}

/** Programs that read nothing: what it takes to begin. */
function startUps(): Program[] {
  return [
    { name: 'node -e 0', command: [process.execPath, '-e', '0'], size: 0 },
    { name: 'qualys_connector -version', command: [process.execPath, connector, '-version'], size: 0 },
  ];
}

async function thePrograms(to: ServerAddress): Promise<Program[]> {
  const report = await makeReport('report.xml', 14_800);
  const size = megabytes(report);
  const yaml = join(root, 'InputPlugins/QualysGuard.yaml');
  const args = (path: string) => [
    `-report=${path}`,
    `-plugininfo=${yaml}`,
    `-csvfile=${join(directory, 'out.csv')}`,
  ];
  const sending = [
    `-report=${report}`,
    `-plugininfo=${yaml}`,
    `-server=${to.host}`,
    `-port=${to.port}`,
    `-pkcs12=${to.pkcs12}`,
    `-password=${to.password}`,
  ];
  const perl = ['perl', '-MXML::Twig', '-e', '1'];
  const programs: Program[] = [
    { name: 'xmlwf (expat), checks well-formedness only', command: ['xmlwf', report], size },
    { name: 'qualys_connector -report -csvfile', command: nodeCommand(connector, args(report)), size },
    {
      name: 'the same with --max-old-space-size=64',
      command: nodeCommand(connector, args(report), ['--max-old-space-size=64']),
      size,
    },
    {
      name: 'qualys_connector -report -server, to the simulated Management Center',
      command: nodeCommand(connector, sending),
      size,
    },
    {
      name: 'Perl, XML::Twig',
      command: ['perl', join(root, 'test/bench/extract.pl'), report],
      size,
      once: true,
    },
  ];
  if (values.large) {
    const large = await makeReport('large.xml', 75_800);
    programs.push(
      { name: 'xmlwf, large report', command: ['xmlwf', large], size: megabytes(large), once: true },
      {
        name: 'qualys_connector, large report',
        command: nodeCommand(connector, args(large)),
        size: megabytes(large),
        once: true,
      },
      {
        name: 'the same with --max-old-space-size=64, large report',
        command: nodeCommand(connector, args(large), ['--max-old-space-size=64']),
        size: megabytes(large),
        once: true,
      },
    );
  }
  return programs.filter(
    ({ command }) =>
      (command[0] !== 'xmlwf' || isInstalled(['xmlwf', '-v'])) &&
      (command[0] !== 'perl' || isInstalled(perl)),
  );
}

async function makeReport(name: string, hosts: number): Promise<string> {
  const path = join(directory, name);
  await pipeline(Readable.from(sampleReport({ hosts }), { highWaterMark: 64 }), createWriteStream(path));
  return path;
}

function megabytes(path: string): number {
  return statSync(path).size / 1e6;
}

function tableOf(programs: readonly Program[], results: ReadonlyMap<string, readonly Measured[]>): string {
  const rows = programs.map((program) => {
    const rounds = results.get(program.name) ?? [];
    return {
      ...program,
      wall: median(rounds.map(({ wall }) => wall)),
      cpu: median(rounds.map(({ cpu }) => cpu)),
      peak: Math.max(...rounds.map(({ peak }) => peak ?? 0)),
    };
  });
  const readers = rows.filter(({ size }) => size > 0);
  const beginners = rows.filter(({ size }) => size === 0);
  const floor = rows.find(({ command }) => command[0] === 'xmlwf');
  const perMegabyte = floor && { wall: floor.wall / floor.size, cpu: floor.cpu / floor.size };
  const lines = readers.map(({ name, size, wall, cpu, peak }) =>
    [
      name,
      size.toFixed(0),
      wall.toFixed(2),
      cpu.toFixed(2),
      (size / wall).toFixed(0),
      perMegabyte ? (wall / size / perMegabyte.wall).toFixed(1) : '-',
      perMegabyte ? (cpu / size / perMegabyte.cpu).toFixed(1) : '-',
      peak > 0 ? String(peak) : '-',
    ].join(' | '),
  );
  return `# How fast a report is read

Written by \`npm run bench\`, not by hand. Medians of ${values.rounds} rounds in turn (Perl and large reports: one), on
${cpus()[0]?.model ?? 'an unknown processor'}, ${availableParallelism()} processors, Node ${process.version}, ${process.platform}.
Times are of the whole process, start-up included. "× xmlwf" compares the time for each megabyte with expat's bare check.

| program | MB | seconds | CPU seconds | MB/s | time × xmlwf | CPU × xmlwf | peak memory MB |
| --- | --: | --: | --: | --: | --: | --: | --: |
${lines.map((line) => `| ${line} |`).join('\n')}

| to begin | seconds | CPU seconds |
| --- | --: | --: |
${beginners.map(({ name, wall, cpu }) => `| ${name} | ${wall.toFixed(3)} | ${cpu.toFixed(3)} |`).join('\n')}
`;
}
