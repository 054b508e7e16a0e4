/** What the answers come to, before anything is written. */
import { join } from 'node:path';
import type { Secret } from '../secrets/secret.ts';
import type { Words } from '../programs/words.ts';
import { commandPaths, option } from './commands.ts';
import type { YamlValues } from './yaml.ts';

/** Where a secret comes from. */
export type SecretSource =
  | { readonly kind: 'file'; readonly secret: Secret }
  | { readonly kind: 'command'; readonly words: Words }
  /** It is asked for at each run, or there is none. */
  | { readonly kind: 'none' };

export interface CertificatePlan {
  /** Where it is now; undefined: it is not there yet. */
  readonly from: string | undefined;
  readonly password: SecretSource;
}

export interface Schedule {
  readonly hour: number;
  readonly minute: number;
}

/** What is written beside the YAML. */
export type Extra = 'crontab' | 'systemd' | 'logrotate' | 'bash' | 'zsh';

export interface Plan {
  /** Absolute. */
  readonly directory: string;
  /** -server and -port as they are given to the command; undefined: there is no Management Center. */
  readonly server: readonly string[] | undefined;
  readonly certificate: CertificatePlan | undefined;
  readonly yaml: YamlValues;
  /** The login's; its file or command is named in the YAML. */
  readonly qualysSecret: SecretSource;
  readonly extras: readonly Extra[];
  readonly schedule: Schedule;
}

/** Where the files of a plan lie. */
export function pathsOf({ directory, certificate }: Plan) {
  const isPem = /\.(?:pem|crt|cer)$/i.test(certificate?.from ?? '');
  return {
    yaml: join(directory, 'InputPlugins', 'QualysGuard.yaml'),
    qualysSecret: join(directory, 'InputPlugins', 'qualys-password'),
    pkcs12: join(directory, isPem ? 'CertFile.pem' : 'CertFile.pkcs12'),
    pkcs12Password: join(directory, 'pkcs12-password'),
  };
}

/** The command and the options that each run has, each one word. */
export function runWords(plan: Plan): string[] {
  const paths = pathsOf(plan);
  const { certificate, server } = plan;
  const password = certificate?.password.kind === 'file' ? paths.pkcs12Password : undefined;
  return [
    commandPaths()[0],
    ...(server ?? option('csvfile', join(plan.directory, 'Output.csv'))),
    ...(certificate ? option('pkcs12', paths.pkcs12) : []),
    ...option('passwordfile', password),
    ...option('plugininfo', paths.yaml),
  ];
}
