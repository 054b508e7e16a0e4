import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TranscriptEntry } from './qualys/qualys-simulator.ts';
import { networkMapTable } from './network-map-table.ts';
import { SAMPLE_VULNERABILITIES } from './sample-vulnerabilities.ts';
import { setStage, STAGE } from './stage.ts';

/**
 * `npm run simulate [-- --hosts=50 --looks=0]`: both servers, for rehearsals, until Ctrl-C. The report is said to be
 * running for so many looks, a second each.
 */
async function simulate(): Promise<void> {
  const { values } = parseArgs({
    options: { hosts: { type: 'string', default: '50' }, looks: { type: 'string', default: '0' } },
  });
  const directory = await mkdtemp(join(tmpdir(), 'qualys-connector-simulators-'));
  const stage = await setStage({
    directory,
    hosts: Number(values.hosts),
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
    `Qualys             ${stage.qualys.url}   user ${STAGE.user}, templates ${STAGE.template}, ${STAGE.secondTemplate}`,
  );
  say(`  its CA           ${stage.files.qualysCa}`);
  say(`Management Center  ${stage.managementCenter.host}:${stage.managementCenter.port}`);
  say(`  certificate      ${stage.files.pkcs12}   password '${STAGE.pkcs12Password}'`);
  say(`YAML               ${stage.files.yaml}`);
  say('');
  say('Try it from another terminal (Ctrl-C here ends both servers and removes these files):');
  say('');
  say(
    `  PKCS12_PASSWORD='${STAGE.pkcs12Password}' npx qualys_connector -server=${stage.managementCenter.host} -port=${stage.managementCenter.port} -pkcs12=${stage.files.pkcs12} -plugininfo=${stage.files.yaml}`,
  );
  say('');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  say('');
  const severities = new Map(SAMPLE_VULNERABILITIES.map(({ qid, severity }) => [String(qid), severity]));
  for (const line of networkMapTable(stage.managementCenter.networkMap, severities)) say(line);
  await stage.close();
  await rm(directory, { recursive: true, force: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await simulate();
