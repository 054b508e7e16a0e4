import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readQualysConfig } from '../../src/config/read-qualys-config.ts';
import { ConnectorError } from '../../src/connector-error.ts';
import { openCertificateFile } from '../../src/management-center/certificate/client-certificate.ts';
import { FrameReader } from '../../src/management-center/session/frame-reader.ts';
import { encodeFrame } from '../../src/management-center/session/frames.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { STAGE } from '../../src/simulators/stage.ts';
import { entryXml, hostXml, reportXml } from '../support/asset-report.ts';
import { certificates } from '../support/certificates.ts';
import { numbers } from '../support/units.ts';
import { isInstalled, measure } from './measure.ts';

/** How the time grows with what a stranger may choose the size of. */
export interface Growth {
  readonly what: string;
  readonly size: number;
  /** Seconds of processor time at that size, and at four times as much: linear growth makes at most four of it. */
  readonly seconds: readonly [number, number];
}

/** Does the work of that size, and tells the seconds of processor time that it took. */
type Work = (size: number) => number | Promise<number>;

/** @param command the connector's command line but for the report, which writes a CSV file */
export async function growths(
  command: (report: string) => readonly string[],
  directory: string,
): Promise<Growth[]> {
  const ofReport = (text: string): number => {
    const report = join(directory, 'growth.xml');
    writeFileSync(report, text);
    return measure(command(report), directory).cpu;
  };
  const works: [what: string, size: number, work: Work][] = [
    ['addresses of a report', 50_000, (size) => ofReport(manyAddresses(size))],
    ['characters of one text, each of which becomes 18', 500_000, (size) => ofReport(oneText(size))],
    ['keys of a YAML', 10_000, (size) => cpuOf(() => readYaml(join(directory, 'growth.yaml'), size))],
    [
      'bytes of a reply that come one by one',
      1_000_000,
      (size) =>
        cpuOf(() => {
          readReply(size);
        }),
    ],
  ];
  if (isInstalled(['openssl', 'version'])) {
    const work: Work = (size) => openPkcs12(join(directory, 'growth.p12'), size);
    works.push([
      'rounds of each of three key derivations of a PKCS#12 (at most 1,000,000 in all)',
      75_000,
      work,
    ]);
  }
  const found: Growth[] = [];
  for (const [what, size, work] of works) {
    found.push({ what, size, seconds: [await work(size), await work(4 * size)] });
  }
  return found;
}

async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function manyAddresses(count: number): string {
  const hosts = numbers(1, count).map((n) =>
    hostXml(`2001:db8::${(n >> 16).toString(16)}:${(n & 65_535).toString(16)}`, [{ qid: 1 }]),
  );
  return reportXml(hosts, [entryXml({ qid: 1 })]);
}

/** U+FDFA is the longest of all in ASCII. */
function oneText(length: number): string {
  return reportXml(
    [hostXml('10.0.0.1', [{ qid: 1 }])],
    [entryXml({ qid: 1, threat: '\uFDFA'.repeat(length) })],
  );
}

async function readYaml(path: string, keys: number): Promise<void> {
  writeFileSync(
    path,
    numbers(1, keys)
      .map((n) => `unknown_${n}: x\n`)
      .join(''),
    { mode: 0o600 },
  );
  try {
    await readQualysConfig(path, []);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
  }
}

function readReply(length: number): void {
  const reader = new FrameReader(length);
  const bytes = encodeFrame(1, Buffer.alloc(length));
  for (let at = 0; at < bytes.length; at++) {
    reader.push(bytes.subarray(at, at + 1));
    reader.next();
  }
}

function openPkcs12(path: string, rounds: number): Promise<number> {
  const password = STAGE.pkcs12Password;
  const pem = `${path}.pem`;
  writeFileSync(pem, certificates.client.certificate + certificates.client.key, { mode: 0o600 });
  const words = ['pkcs12', '-export', '-in', pem, '-out', path, '-iter', String(rounds), '-passout', 'stdin'];
  const { status, stderr } = spawnSync('openssl', words, { input: password, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl failed: ${stderr}`);
  return cpuOf(() => openCertificateFile(path, new Secret(password)));
}
