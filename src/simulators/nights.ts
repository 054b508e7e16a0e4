import { appendFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { aNightLater } from './a-night-later.ts';
import {
  type ManagementCenterSimulator,
  startManagementCenterSimulator,
} from './management-center/simulator.ts';
import { networkMapTable } from './network-map-table.ts';
import { sampleReport } from './sample-report.ts';
import { SAMPLE_VULNERABILITIES } from './sample-vulnerabilities.ts';
import { commandHere, setStage, type Stage, type StageCertificates } from './stage.ts';

/** How the demo runs the command with these options, and shows a line. */
export interface Showing {
  /** @returns the exit code */
  readonly connector: (options: readonly string[]) => Promise<number>;
  readonly say: (line: string) => void;
}

/**
 * What `npm run demo` shows: the command against the project's own servers, once to the server, once to a file, once
 * with the same hosts from Qualys' detections, and a night later.
 * @param directory for all files; it is emptied before
 * @returns the exit code of the first run that failed
 */
export async function showNights(
  directory: string,
  certificates: StageCertificates,
  showing: Showing,
): Promise<number> {
  const { say } = showing;
  const connector = async (options: readonly string[]): Promise<number> => {
    say('');
    say(`$ qualys_connector ${options.join(' ')}`);
    const code = await showing.connector(options);
    if (code !== 0) say(`It ended with exit code ${code}.`);
    return code;
  };
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
    showMap(stage, say);
    const different = await compareSources(stage, certificates, { connector, say });
    if (different) return different;
    isLater = true;
    say('');
    say(
      'A night later: something was patched, something is new, and a host is gone. Only what changed is sent:',
    );
    const failedLater = await connector(nightly);
    if (failedLater) return failedLater;
    showFiles(say, {
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
  { connector, say }: Showing,
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

function showMap(stage: Stage, say: Showing['say']): void {
  const severities = new Map(SAMPLE_VULNERABILITIES.map(({ qid, severity }) => [String(qid), severity]));
  say('');
  say("What the Management Center's network map holds now:");
  for (const line of networkMapTable(stage.managementCenter.networkMap, severities)) {
    say(`  ${line}`.trimEnd());
  }
}

function showFiles(say: Showing['say'], files: Readonly<Record<string, string>>): void {
  say('');
  const width = Math.max(...Object.keys(files).map((name) => name.length));
  for (const [name, path] of Object.entries(files)) say(`  ${name.padEnd(width)}  ${shown(path)}`);
  say('');
  say('For your own Management Center, with your own InputPlugins/QualysGuard.yaml:');
  say('');
  say(`  ${commandHere()} -server=10.10.10.10 -pkcs12=CertFile.pkcs12`);
}

/** A path as a person in the current directory would write it. */
function shown(path: string): string {
  return relative(process.cwd(), path);
}
