import type { ConversionConfig } from '../conversion/conversion-config.ts';
import type { Secret } from '../secrets/secret.ts';

/** InputPlugins/QualysGuard.yaml, read and checked: every value in the form that the program uses. */
export interface QualysConfig {
  /** The file's path, for messages. */
  readonly file: string;

  readonly userId: string | undefined;
  readonly password: Secret | undefined;
  /** A file whose first line is the password. */
  readonly passwordFile: string | undefined;
  readonly templateId: string | undefined;

  /** Base URL without a trailing slash, e.g. `https://qualysapi.qualys.com`. */
  readonly qualysServer: string;
  /** PEM file with additional trusted authorities. */
  readonly qualysCa: string | undefined;
  readonly api: 'v2' | 'v1';
  /** The version in `/api/<version>/fo/`, e.g. `2.0`. */
  readonly apiVersion: string;
  /** Seconds; the longest time between two polls. */
  readonly pollInterval: number;
  /** Seconds; for the whole way from launch to the last byte of the report. */
  readonly reportTimeout: number;
  readonly reportDir: string | undefined;
  readonly keepReport: boolean;

  /** Proxy URL; user and password may stand in it or beside it. */
  readonly proxy: string | undefined;
  readonly proxyUser: string | undefined;
  readonly proxyPassword: Secret | undefined;

  readonly conversion: ConversionConfig;
}
