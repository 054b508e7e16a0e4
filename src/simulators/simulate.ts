import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TranscriptEntry } from './qualys/qualys-simulator.ts';
import { networkMapTable } from './network-map-table.ts';
import { SAMPLE_VULNERABILITIES } from './sample-vulnerabilities.ts';
import { commandHere, setStage, STAGE, STAGE_ASSETS } from './stage.ts';

const HELP = `Starts a Qualys server and a Management Center on loopback, until Ctrl-C.

  npm run simulate -- [--hosts=50] [--looks=0]

  --hosts=NUMBER   hosts in the report
  --looks=NUMBER   how often the report is said to be running still: a look a second
  --help           prints this`;

/**
 * `npm run simulate [-- --hosts=50 --looks=0]`: both servers, for rehearsals, until Ctrl-C. The report is said to be
 * running for so many looks, a second each.
 */
async function simulate(): Promise<void> {
  const { values } = parseArgs({
    options: {
      hosts: { type: 'string', default: '50' },
      looks: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return;
  }
  const directory = await mkdtemp(join(tmpdir(), 'qualys-connector-simulators-'));
  const stage = await setStage({
    directory,
    hosts: Number(values.hosts),
    yaml: ['poll_interval: 1'],
    qualys: { timeline: { running: Number(values.looks) } },
    managementCenter: {
      log: (line) => {
        say(`management center: ${line}`);
      },
    },
  });
  stage.qualys.events.on('request', ({ method, url, endpoint }: TranscriptEntry) => {
    say(`qualys: ${endpoint} (${method} ${url})`);
  });
  say(
    `Qualys             ${stage.qualys.url}   user ${STAGE.user}, password "${STAGE.password}", templates ${STAGE.template}, ${STAGE.secondTemplate}`,
  );
  say(`  its CA           ${stage.files.qualysCa}`);
  say(`Management Center  ${stage.managementCenter.host}:${stage.managementCenter.port}`);
  say(`  certificate      ${stage.files.pkcs12}   password "${STAGE.pkcs12Password}"`);
  say(`YAML               ${stage.files.yaml}`);
  say(`  from detections  ${stage.files.detectionYaml}`);
  say(`  asset groups     ${named(STAGE_ASSETS.assetGroups)}`);
  say(`  tags             ${named(STAGE_ASSETS.tags)}`);
  say('');
  say('Try it from another terminal (Ctrl-C here ends both servers and removes these files):');
  say('');
  say(
    `  PKCS12_PASSWORD='${STAGE.pkcs12Password}' ${commandHere()} -server=${stage.managementCenter.host} -port=${stage.managementCenter.port} -pkcs12=${stage.files.pkcs12} -plugininfo=${stage.files.yaml}`,
  );
  say('');
  await stopped();
  say('');
  const severities = new Map(SAMPLE_VULNERABILITIES.map(({ qid, severity }) => [String(qid), severity]));
  for (const line of networkMapTable(stage.managementCenter.networkMap, severities)) say(line);
  await stage.close();
  await rm(directory, { recursive: true, force: true });
}

function named(assets: readonly { readonly id: string; readonly name: string }[]): string {
  return assets.map(({ id, name }) => `${name} (${id})`).join(', ');
}

/** A terminal's Ctrl-C comes twice, the second time by npm: it must not end what tidies up. */
async function stopped(): Promise<void> {
  // Whoever reads this may be gone by then, as in `npm run simulate | tee`.
  process.stdout.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve();
      });
    }
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await simulate();
