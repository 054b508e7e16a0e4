import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from '../text/shell-word.ts';
import {
  type Identity,
  makeAuthority,
  makeHostInputClient,
  makeInternalAuthority,
  makeServerCertificate,
} from './certificates.ts';
import { writeLegacyPkcs12 } from './legacy-pkcs12.ts';
import {
  type ManagementCenterSimulator,
  type ManagementCenterSimulatorOptions,
  startManagementCenterSimulator,
} from './management-center/simulator.ts';
import {
  type QualysSimulator,
  type QualysSimulatorOptions,
  startQualysSimulator,
} from './qualys/qualys-simulator.ts';
import { AddressRanges } from './qualys/detection/address-ranges.ts';
import type { SimulatedClient } from './qualys/token-desk.ts';
import { SampleHosts } from './sample-hosts.ts';
import { sampleReport } from './sample-report.ts';

/** What a user of the real servers has been given: the same, for the simulated ones. */
export const STAGE = {
  user: 'scan_op1',
  password: "not'so secret",
  template: '424242',
  secondTemplate: '535353',
  pkcs12Password: 'change me',
} as const;

/** What the hosts of the stage can be chosen by: their addresses are those of sample-hosts.ts. */
export const STAGE_ASSETS = {
  assetGroups: [
    { id: '1111', name: 'All', addresses: new AddressRanges('0.0.0.0-255.255.255.255') },
    { id: '2222', name: 'Data centre', addresses: new AddressRanges('192.0.2.0-192.0.2.255') },
  ],
  tags: [
    { id: '3333', name: 'Production', addresses: new AddressRanges('192.0.2.0-198.51.100.255') },
    { id: '4444', name: 'Retired', addresses: new AddressRanges('198.51.100.0-198.51.100.255') },
  ],
  superseded: [236_173],
} as const;

/** Keys take a while to make: tests make them once. */
export interface StageCertificates {
  readonly qualysAuthority: Identity;
  readonly qualysServer: Identity;
  readonly internalAuthority: Identity;
  readonly managementCenter: Identity;
  readonly client: Identity;
}

export function makeStageCertificates(): StageCertificates {
  const qualysAuthority = makeAuthority('Simulated Qualys CA');
  const internalAuthority = makeInternalAuthority();
  return {
    qualysAuthority,
    qualysServer: makeServerCertificate(qualysAuthority, ['localhost', '127.0.0.1']),
    internalAuthority,
    managementCenter: makeServerCertificate(internalAuthority, ['127.0.0.1']),
    client: makeHostInputClient(internalAuthority, '127.0.0.1'),
  };
}

export interface StageOptions {
  /** Where the YAML, the PKCS#12 and the authority's certificate are put; made when it is not there. */
  readonly directory: string;
  /** Default: made for the occasion. */
  readonly certificates?: StageCertificates;
  /** Of the PKCS#12 file; default: as many as the appliance has. */
  readonly pkcs12Iterations?: number;
  /** Hosts in the report. Default 50. */
  readonly hosts?: number;
  readonly qualys?: Partial<QualysSimulatorOptions>;
  readonly managementCenter?: Partial<ManagementCenterSimulatorOptions>;
  /** Further lines for the YAML. */
  readonly yaml?: readonly string[];
}

/** Both servers, and the files that a user has for them. */
export interface Stage {
  readonly qualys: QualysSimulator;
  readonly managementCenter: ManagementCenterSimulator;
  readonly files: {
    readonly yaml: string;
    /** For the same hosts from the detections. */
    readonly detectionYaml: string;
    readonly pkcs12: string;
    readonly qualysCa: string;
  };
  close(): Promise<void>;
}

/** The command of this clone, as it works from any directory. */
export function commandHere(): string {
  return shellWord(fileURLToPath(new URL('../../bin/qualys_connector.js', import.meta.url)));
}

/** Starts a Qualys server and a Management Center on loopback and writes the files to reach them. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const certificates = options.certificates ?? makeStageCertificates();
  const { qualysAuthority, qualysServer, internalAuthority } = certificates;
  const { hosts = 50 } = options;
  const qualys = await startQualysSimulator({
    authority: qualysAuthority,
    serverIdentity: qualysServer,
    user: STAGE.user,
    password: STAGE.password,
    templates: [
      { id: STAGE.template, title: 'Nightly import' },
      { id: STAGE.secondTemplate, title: 'Servers of the data centre' },
    ],
    report: () => sampleReport({ hosts, generated: new Date() }),
    detections: { hosts: new SampleHosts({ hosts }), ...STAGE_ASSETS },
    ...options.qualys,
  });
  const managementCenter = await startManagementCenterSimulator({
    authority: internalAuthority,
    serverIdentity: certificates.managementCenter,
    ...options.managementCenter,
  });
  const files = await writeFiles(options, qualys, certificates);
  return {
    qualys,
    managementCenter,
    files,
    close: async () => {
      await Promise.all([qualys.close(), managementCenter.close()]);
    },
  };
}

async function writeFiles(
  { directory, pkcs12Iterations, yaml = [], qualys: { client: oauth } = {} }: StageOptions,
  qualys: QualysSimulator,
  { qualysAuthority, internalAuthority, client }: StageCertificates,
): Promise<Stage['files']> {
  const files = {
    yaml: join(directory, 'InputPlugins', 'QualysGuard.yaml'),
    detectionYaml: join(directory, 'InputPlugins', 'Detections.yaml'),
    pkcs12: join(directory, 'CertFile.pkcs12'),
    qualysCa: join(directory, 'InputPlugins', 'qualys-ca.pem'),
  };
  const pkcs12 = writeLegacyPkcs12(
    { ...client, authority: internalAuthority.certificate },
    STAGE.pkcs12Password,
    pkcs12Iterations,
  );
  await mkdir(join(directory, 'InputPlugins'), { recursive: true });
  await writeFile(files.pkcs12, pkcs12, { mode: 0o600 });
  await writeFile(files.qualysCa, qualysAuthority.certificate);
  const login = oauth ? clientLines(oauth, qualys) : USER_LINES;
  const yamls = [
    [files.yaml, [`template_id: ${STAGE.template}`]],
    [files.detectionYaml, ['source: detection', 'kb_cache: kb-cache']],
  ] as const;
  for (const [file, source] of yamls) {
    await writeFile(file, yamlFor(qualys, [...login, ...source], yaml), { mode: 0o600 });
  }
  return files;
}

const USER_LINES = [`user_id: ${STAGE.user}`, `password: ${quoted(STAGE.password)}`];

function clientLines(
  { id, secret, level = 'user' }: SimulatedClient,
  { url }: QualysSimulator,
): readonly string[] {
  return [
    `client_id: ${id}`,
    `client_secret: ${quoted(secret)}`,
    `client_level: ${level}`,
    `gateway: ${url}`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function yamlFor(qualys: QualysSimulator, first: readonly string[], more: readonly string[]): string {
  return [
    '# For the simulated servers; your own goes by the commented InputPlugins/QualysGuard.yaml of the project.',
    ...first,
    `qualys_server: ${qualys.url}`,
    'qualys_ca: qualys-ca.pem',
    'add_host: y',
    ...(more.some((line) => line.startsWith('poll_interval:')) ? [] : ['poll_interval: 0.1']),
    ...more,
    '',
  ].join('\n');
}
