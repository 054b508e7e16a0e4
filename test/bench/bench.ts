/**
 * `npm run bench [-- --rounds=5 --large]`: measures the real command beside programs that do as
 * much or less, writes test/bench/README.md, and tells what changed since it was last written. `--large` adds a
 * report of 1 GB.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sampleReport } from '../../src/simulators/sample-report.ts';
import { growths } from './growth.ts';
import { isInstalled, measure, type Measured, nodeCommand } from './measure.ts';
import { profile } from './profile.ts';
import { DETECTED, type Served } from './served.ts';
import { changes, type Program, tableOf } from './table.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const connector = join(root, 'dist/bin/qualys_connector.js');
const YAML = join(root, 'InputPlugins/QualysGuard.yaml');
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, large: { type: 'boolean', default: false } },
});

const directory = mkdtempSync(join(tmpdir(), 'qualys-connector-bench-'));
const server = spawn(process.execPath, [join(root, 'dist/test/bench/serve.js'), directory], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const served = await addressOf(server);
  const programs = [...(await thePrograms(served)), ...detectionReaders(served), ...startUps()];
  const results = new Map(programs.map(({ name }): [string, Measured[]] => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const program of programs) {
      if (round === 0 || program.once !== true) {
        results.get(program.name)?.push(measure(program.command, directory));
      }
    }
  }
  const profiled = programs.filter(({ stages }) => stages);
  const times = new Map(profiled.map(({ name, command }) => [name, profile(command, directory)]));
  const page = join(root, 'test/bench/README.md');
  const before = readFileSync(page, 'utf8');
  const growing = await growths((report) => nodeCommand(connector, toFile(report)), directory);
  const table = tableOf(programs, results, times, growing, values.rounds);
  writeFileSync(page, table);
  console.log(`${table}\n${changes(before, table)}`);
} finally {
  server.kill();
  rmSync(directory, { recursive: true });
}

async function addressOf({ stdout }: ChildProcess): Promise<Served> {
  const [line] = (await once(stdout ?? process.stdin, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as Served;
}

/** Programs that read nothing: what it takes to begin. */
function startUps(): Program[] {
  return [
    { name: 'node -e 0', command: [process.execPath, '-e', '0'], size: 0 },
    { name: 'qualys_connector -version', command: [process.execPath, connector, '-version'], size: 0 },
  ];
}

/** The words that convert a report to a CSV file. */
function toFile(report: string): string[] {
  return [`-report=${report}`, `-plugininfo=${YAML}`, `-csvfile=${join(directory, 'out.csv')}`];
}

/** Programs that read detections, page by page, from a server in a process of its own. */
function detectionReaders({ qualys, qualysCa, few, many }: Served): Program[] {
  const csv = `-csvfile=${join(directory, 'out.csv')}`;
  const pages = (what: string): string[] =>
    nodeCommand(join(root, 'dist/test/bench/read-pages.js'), [qualys, qualysCa, what]);
  return [
    { name: 'pages thrown away: the speed of the server', command: pages('nothing'), hosts: DETECTED.few },
    {
      name: 'qualys_connector -csvfile, source: detection',
      command: nodeCommand(connector, [`-plugininfo=${few}`, csv]),
      hosts: DETECTED.few,
    },
    {
      name: 'a tree of each page (fast-xml-parser), no more',
      command: pages('tree'),
      hosts: DETECTED.few,
      once: true,
    },
    {
      name: 'qualys_connector -csvfile, many hosts',
      command: nodeCommand(connector, [`-plugininfo=${many}`, csv]),
      hosts: DETECTED.many,
      once: true,
    },
  ];
}

async function thePrograms(to: Served): Promise<Program[]> {
  const report = await makeReport('report.xml', 14_800);
  const size = megabytes(report);
  const sending = (port: number): string[] => [
    `-report=${report}`,
    `-plugininfo=${YAML}`,
    `-server=${to.host}`,
    `-port=${port}`,
    `-pkcs12=${to.pkcs12}`,
    `-password=${to.password}`,
  ];
  const perl = ['perl', '-MXML::Twig', '-e', '1'];
  const programs: Program[] = [
    { name: 'xmlwf (expat), checks well-formedness only', command: ['xmlwf', report], size },
    {
      name: 'qualys_connector -report -csvfile',
      command: nodeCommand(connector, toFile(report)),
      size,
      stages: true,
    },
    {
      name: 'the same with --max-old-space-size=64',
      command: nodeCommand(connector, toFile(report), ['--max-old-space-size=64']),
      size,
    },
    {
      name: 'qualys_connector -report -server, to one that answers at once',
      command: nodeCommand(connector, sending(to.portAtOnce)),
      size,
      stages: true,
    },
    {
      name: 'qualys_connector -report -server, to the simulated Management Center',
      command: nodeCommand(connector, sending(to.port)),
      size,
      stages: true,
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
        command: nodeCommand(connector, toFile(large)),
        size: megabytes(large),
        once: true,
      },
      {
        name: 'the same with --max-old-space-size=64, large report',
        command: nodeCommand(connector, toFile(large), ['--max-old-space-size=64']),
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
