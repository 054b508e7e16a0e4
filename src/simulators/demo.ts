import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aNightLater } from './a-night-later.ts';
import {
  type ManagementCenterSimulator,
  startManagementCenterSimulator,
} from './management-center/simulator.ts';
import { networkMapTable } from './network-map-table.ts';
import { sampleReport } from './sample-report.ts';
import { SAMPLE_VULNERABILITIES } from './sample-vulnerabilities.ts';
import {
  commandHere,
  makeStageCertificates,
  setStage,
  STAGE,
  type Stage,
  type StageCertificates,
} from './stage.ts';

/**
 * `npm run demo`: the real command against the project's own servers, once to the server, once to a file, once with the
 * same hosts from Qualys' detections, and a night later.
 */
async function demo(): Promise<number> {
  const directory = fileURLToPath(new URL('../../demo/', import.meta.url));
  await rm(directory, { recursive: true, force: true });
  say('Starting a Qualys server and a Management Center of our own on loopback (real HTTPS, real TLS).');
  let isLater = false;
  const report = (): Iterable<string> => {
    const generated = new Date();
    // Of the fifty hosts one is gone, too.
    return isLater
      ? aNightLater(sampleReport({ hosts: 49, generated }))
      : sampleReport({ hosts: 50, generated });
  };
  const certificates = makeStageCertificates();
  const stage = await setStage({ directory, certificates, qualys: { report } });
  try {
    const common = [`-plugininfo=${shown(stage.files.yaml)}`];
    const log = join(directory, 'connector.log');
    const csv = join(directory, 'Output.csv');
    const page = join(directory, 'last-night.html');
    const nightly = [
      ...toServer(stage.managementCenter, stage),
      ...common,
      `-state=${shown(join(directory, 'state'))}`,
      '-changed',
      `-page=${shown(page)}`,
    ];
    const failed =
      (await connector(nightly)) ||
      (await connector([...common, `-csvfile=${shown(csv)}`, `-logfile=${shown(log)}`]));
    if (failed) return failed;
    showMap(stage);
    const different = await compareSources(stage, certificates);
    if (different) return different;
    isLater = true;
    say('');
    say(
      'A night later: something was patched, something is new, and a host is gone. Only what changed is sent:',
    );
    const failedLater = await connector(nightly);
    if (failedLater) return failedLater;
    showFiles({
      'what changed, as a page to look at': page,
      'the CSV file': csv,
      'its log': log,
      'the YAML': stage.files.yaml,
      'the PKCS#12': stage.files.pkcs12,
    });
    return 0;
  } finally {
    await stage.close();
  }
}

function toServer({ host, port }: ManagementCenterSimulator, { files }: Stage): string[] {
  return [`-server=${host}`, `-port=${port}`, `-pkcs12=${shown(files.pkcs12)}`];
}

/** Fills the empty map of another Management Center from the detections: it must become that of the report. */
async function compareSources(
  stage: Stage,
  { internalAuthority, managementCenter }: StageCertificates,
): Promise<number> {
  const second = await startManagementCenterSimulator({
    authority: internalAuthority,
    serverIdentity: managementCenter,
  });
  try {
    say('');
    say(
      'The same hosts once more, without a report: from the detections and the KnowledgeBase, in pages of 20.',
    );
    const { detectionYaml } = stage.files;
    await appendFile(detectionYaml, 'page_size: 20\n');
    const failed = await connector([...toServer(second, stage), `-plugininfo=${shown(detectionYaml)}`]);
    if (failed) return failed;
    const same = JSON.stringify(second.networkMap) === JSON.stringify(stage.managementCenter.networkMap);
    say('');
    say(
      `The network map of this second Management Center ${same ? 'is the same' : 'DIFFERS from that of the report'}.`,
    );
    return same ? 0 : 1;
  } finally {
    await second.close();
  }
}

/** Runs the command as a user would, in a process of its own. */
async function connector(options: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('../../bin/qualys_connector.js', import.meta.url));
  say('');
  say(`$ qualys_connector ${options.join(' ')}`);
  const child = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PKCS12_PASSWORD: STAGE.pkcs12Password, NO_PROXY: '127.0.0.1,localhost' },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) say(`It ended with exit code ${code ?? 'none'}.`);
  return code ?? 1;
}

function showMap(stage: Stage): void {
  const severities = new Map(SAMPLE_VULNERABILITIES.map(({ qid, severity }) => [String(qid), severity]));
  say('');
  say("What the Management Center's network map holds now:");
  for (const line of networkMapTable(stage.managementCenter.networkMap, severities)) {
    say(`  ${line}`.trimEnd());
  }
}

function showFiles(files: Readonly<Record<string, string>>): void {
  say('');
  const width = Math.max(...Object.keys(files).map((name) => name.length));
  for (const [name, path] of Object.entries(files)) say(`  ${name.padEnd(width)}  ${shown(path)}`);
  say('');
  say('For your own Management Center, with your own InputPlugins/QualysGuard.yaml:');
  say('');
  say(`  ${commandHere()} -server=10.10.10.10 -pkcs12=CertFile.pkcs12`);
}

/** A path as a person in the project's directory would write it. */
function shown(path: string): string {
  return relative(process.cwd(), path);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await demo();
