import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { noProgress } from '../../src/progress.ts';
import { downloadReport } from '../../src/qualys/download-report.ts';
import { makeFakeClock } from '../support/fake-clock.ts';
import { makeConfig } from '../support/qualys-room.ts';
import { recordingLog } from '../support/recording-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SAMPLES = process.env.QUALYS_SAMPLES;

/** A recorded answer, as `<name>.http.txt` and `<name>.body.xml` hold it. */
function recorded(name: string): { status: number; headers: Record<string, string>; body: Buffer } {
  const folder = path.join(SAMPLES ?? '', 'ruby-qualys');
  const lines = readFileSync(path.join(folder, `${name}.http.txt`), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith('HTTP'));
  const fields = lines.slice(from + 1).map((line) => /^([\w-]+): ?(.*)$/.exec(line));
  const headers = Object.fromEntries(
    fields.flatMap((field) =>
      // The bodies were re-encoded when they were recorded, so that lengths no longer fit.
      field?.[1] && !/^(?:content-length|transfer-encoding|connection)$/i.test(field[1])
        ? [[field[1], field[2] ?? '']]
        : [],
    ),
  );
  const status = Number(/\d{3}/.exec(lines[from] ?? '')?.[0]);
  return { status, headers, body: readFileSync(path.join(folder, `${name}.body.xml`)) };
}

/** The list was not recorded with this exchange; its form is that of the published document. */
const LIST = `<?xml version="1.0" encoding="UTF-8" ?>
<REPORT_LIST_OUTPUT><RESPONSE><REPORT_LIST><REPORT><ID>4888815</ID><TITLE><![CDATA[x]]></TITLE>
<STATUS><STATE>Finished</STATE></STATUS></REPORT></REPORT_LIST></RESPONSE></REPORT_LIST_OUTPUT>`;

describe('a recorded exchange', { skip: SAMPLES === undefined && 'QUALYS_SAMPLES is not set' }, () => {
  it('played by a server is understood', async (t) => {
    const script: Record<string, string[]> = {
      launch: ['global_report.1'],
      fetch: ['global_report.2', 'try_load_not_existing_report', 'load_global_report'],
      delete: ['global_report.34'],
    };
    const actions: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const action = new URLSearchParams(body).get('action') ?? '';
        actions.push(action);
        const name = script[action]?.shift();
        if (name === undefined) return response.end(LIST);
        const answer = recorded(name);
        return response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const directory = await temporaryDirectory(t);
    t.after(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const config = makeConfig({ qualysServer: `http://127.0.0.1:${port}`, reportDir: directory });
    const log = recordingLog();
    const signal = new AbortController().signal;
    const context = { log, progress: noProgress, signal, clock: makeFakeClock(), env: {} };
    const report = await downloadReport(config, context);
    assert.deepEqual(readFileSync(report.descriptor), recorded('load_global_report').body);
    assert.deepEqual(actions, ['launch', 'list', 'fetch', 'fetch', 'fetch', 'delete']);
    assert.ok(log.messages('debug').some((message) => message.includes('262 calls left of 300')));
  });
});
