import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAuthority, makeHostInputClient, makeInternalAuthority } from './certificates.ts';
import { writeLegacyPkcs12 } from './legacy-pkcs12.ts';
import {
  startManagementCenterSimulator,
  type ManagementCenterSimulator,
  type ManagementCenterSimulatorOptions,
} from './management-center/simulator.ts';
import {
  startQualysSimulator,
  type QualysSimulator,
  type QualysSimulatorOptions,
} from './qualys/qualys-simulator.ts';
import { sampleReport } from './sample-report.ts';

/** What a user of the real servers has been given: the same, for the simulated ones. */
export const STAGE = {
  user: 'scan_op1',
  password: "not'so secret",
  template: '424242',
  pkcs12Password: 'change me',
} as const;

export interface StageOptions {
  /** Where the YAML, the PKCS#12 and the authority's certificate are put; made when it is not there. */
  readonly directory: string;
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
  readonly files: { readonly yaml: string; readonly pkcs12: string; readonly qualysCa: string };
  close(): Promise<void>;
}

/** Starts a Qualys server and a Management Center on loopback and writes the files to reach them. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const qualysAuthority = makeAuthority('Simulated Qualys CA');
  const internalAuthority = makeInternalAuthority();
  const qualys = await startQualysSimulator({
    authority: qualysAuthority,
    user: STAGE.user,
    password: STAGE.password,
    templates: [{ id: STAGE.template, title: 'Nightly import' }],
    report: () => sampleReport({ hosts: options.hosts ?? 50 }),
    ...options.qualys,
  });
  const managementCenter = await startManagementCenterSimulator({
    authority: internalAuthority,
    ...options.managementCenter,
  });
  const files = {
    yaml: join(options.directory, 'InputPlugins', 'QualysGuard.yaml'),
    pkcs12: join(options.directory, 'CertFile.pkcs12'),
    qualysCa: join(options.directory, 'InputPlugins', 'qualys-ca.pem'),
  };
  await mkdir(join(options.directory, 'InputPlugins'), { recursive: true });
  const client = makeHostInputClient(internalAuthority, '127.0.0.1');
  const authority = internalAuthority.certificate;
  await writeFile(files.pkcs12, writeLegacyPkcs12({ ...client, authority }, STAGE.pkcs12Password), {
    mode: 0o600,
  });
  await writeFile(files.qualysCa, qualysAuthority.certificate);
  await writeFile(files.yaml, yamlFor(qualys, options.yaml ?? []), { mode: 0o600 });
  return {
    qualys,
    managementCenter,
    files,
    close: async () => {
      await Promise.all([qualys.close(), managementCenter.close()]);
    },
  };
}

function yamlFor(qualys: QualysSimulator, more: readonly string[]): string {
  return [
    '# For the simulated servers; your own goes by the commented InputPlugins/QualysGuard.yaml of the project.',
    `user_id: ${STAGE.user}`,
    `password: '${STAGE.password.replaceAll("'", "''")}'`,
    `template_id: ${STAGE.template}`,
    `qualys_server: ${qualys.url}`,
    'qualys_ca: qualys-ca.pem',
    'add_host: y',
    'poll_interval: 1',
    ...more,
    '',
  ].join('\n');
}
