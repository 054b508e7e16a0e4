/** A simulated Management Center in a process of its own: prints what reaches it as JSON, serves until SIGTERM. */
import { once } from 'node:events';
import { setStage, STAGE } from '../../src/simulators/stage.ts';

const stage = await setStage({
  directory: process.argv[2] ?? '.',
  managementCenter: { keepTranscript: false },
});
const { host, port } = stage.managementCenter;
console.log(JSON.stringify({ host, port, pkcs12: stage.files.pkcs12, password: STAGE.pkcs12Password }));
await once(process, 'SIGTERM');
await stage.close();
