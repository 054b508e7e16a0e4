/**
 * A simulated Management Center, one that only answers, and Qualys' detections, few and many, in a process of their own:
 * prints what reaches them as JSON, serves until SIGTERM.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { SampleHosts } from '../../src/simulators/sample-hosts.ts';
import { makeStageCertificates, setStage, STAGE, type Stage } from '../../src/simulators/stage.ts';
import { answerAtOnce } from './answer-at-once.ts';
import { DETECTED, type Served } from './served.ts';

const directory = process.argv[2] ?? '.';
const certificates = makeStageCertificates();

/** Pages go out as they are, so that the server's own work is least. */
function detections(hosts: number): Promise<Stage> {
  return setStage({
    directory: join(directory, String(hosts)),
    certificates,
    qualys: {
      detections: { hosts: new SampleHosts({ hosts, findingsPerHost: 40, resultRows: 0 }) },
      gzip: false,
    },
    managementCenter: { keepTranscript: false },
    yaml: ['finding_types: Vuln, Practice, Ig', 'include_fixed: y'],
  });
}

const [few, many] = [await detections(DETECTED.few), await detections(DETECTED.many)];
const { host, port } = few.managementCenter;
const atOnce = await answerAtOnce(certificates);
const served: Served = {
  host,
  port,
  portAtOnce: atOnce.port,
  pkcs12: few.files.pkcs12,
  password: STAGE.pkcs12Password,
  qualys: few.qualys.url,
  qualysCa: few.files.qualysCa,
  few: few.files.detectionYaml,
  many: many.files.detectionYaml,
};
console.log(JSON.stringify(served));
await once(process, 'SIGTERM');
atOnce.server.close();
await Promise.all([few.close(), many.close()]);
