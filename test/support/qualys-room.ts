import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, type TestContext } from 'node:test';
import { DEFAULTS } from '../../src/config/keys.ts';
import type { DetectionAccess, QualysAccess } from '../../src/qualys/access.ts';
import {
  ApiVersions,
  DETECTION_API,
  KNOWLEDGE_BASE_API,
  REPORT_API,
} from '../../src/qualys/answers/api-versions.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { noProgress, type Progress } from '../../src/progress.ts';
import { type DownloadedReport, downloadReport } from '../../src/qualys/download-report.ts';
import {
  type QualysSimulator,
  type QualysSimulatorOptions,
  startQualysSimulator,
} from '../../src/simulators/qualys/qualys-simulator.ts';
import { certificates } from './certificates.ts';
import { type FakeClock, makeFakeClock } from './fake-clock.ts';
import { recordingLog, type RecordingLog } from './recording-log.ts';
import { smallReport } from './small-report.ts';

export const USER = 'mills_ab1';
export const PASSWORD = "p'äß:word%41";
const TEMPLATE = '424242';

/** A simulator, a directory for the report, and a client of it whose time is fake. */
export interface QualysRoom {
  readonly simulator: QualysSimulator;
  readonly log: RecordingLog;
  readonly clock: FakeClock;
  readonly directory: string;
  readonly config: QualysAccess & DetectionAccess;
  readonly abort: AbortController;
  download(
    changes?: Partial<QualysAccess>,
    progress?: Progress,
    env?: NodeJS.ProcessEnv,
  ): Promise<DownloadedReport>;
  /** Names of what lies in the directory for reports. */
  spooled(): string[];
}

/** All rooms of a file lie in it: it is removed once. */
const house = mkdtempSync(path.join(tmpdir(), 'qualys-connector-test-'));
const authority = path.join(house, 'authority.pem');
writeFileSync(authority, certificates.qualysAuthority.certificate);
/** Simulators whose rooms are closed, for the next ones: each start costs more than most calls. */
const idle: QualysSimulator[] = [];

after(async () => {
  await Promise.all(idle.map((simulator) => simulator.close()));
  rmSync(house, { recursive: true, force: true });
});

export async function openRoom(
  test: TestContext,
  simulated: Omit<Partial<QualysSimulatorOptions>, 'authority' | 'serverIdentity' | 'port' | 'host'> = {},
): Promise<QualysRoom> {
  const options: QualysSimulatorOptions = {
    user: USER,
    password: PASSWORD,
    templates: [
      { id: TEMPLATE, title: 'Nightly' },
      { id: '535353', title: 'Weekly' },
      { id: '535354', title: 'By hand', type: 'Manual' },
      { id: '535355', title: 'Patches', templateType: 'Patch' },
    ],
    report: smallReport,
    authority: certificates.qualysAuthority,
    serverIdentity: certificates.qualysServer,
    ...simulated,
  };
  const simulator = idle.pop() ?? (await startQualysSimulator(options));
  simulator.become(options);
  test.after(() => {
    if (!simulator.closed) idle.push(simulator);
  });
  const directory = mkdtempSync(path.join(house, 'reports-'));
  const config = makeConfig({ qualysServer: simulator.url, qualysCa: authority, reportDir: directory });
  const [log, clock, abort] = [recordingLog(), makeFakeClock(), new AbortController()];
  return {
    simulator,
    log,
    clock,
    directory,
    config,
    abort,
    download: (changes = {}, progress = noProgress, env = {}) =>
      downloadReport({ ...config, ...changes }, { log, progress, signal: abort.signal, clock, env }),
    spooled: () => readdirSync(directory),
  };
}

export function makeConfig(changes: Partial<QualysAccess & DetectionAccess>): QualysAccess & DetectionAccess {
  return {
    ...DEFAULTS,
    file: 'QualysGuard.yaml',
    login: userLogin(USER, PASSWORD),
    tokens: {},
    templateId: TEMPLATE,
    qualysServer: 'https://localhost',
    reportVersions: new ApiVersions(REPORT_API, 'auto'),
    detectionVersions: new ApiVersions(DETECTION_API, 'auto'),
    kbVersions: new ApiVersions(KNOWLEDGE_BASE_API, 'auto'),
    ...changes,
  };
}

export function userLogin(name: string, password: string): QualysAccess['login'] {
  return { kind: 'user', name, secret: new Secret(password) };
}
