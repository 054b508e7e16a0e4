import type { Secret } from './secrets/secret.ts';
import type { LogLevel } from './log/log.ts';

/** The command line, read and checked. Absent options are undefined or at their default. */
export interface Options {
  /** The plugin's name. */
  readonly plugin: string;
  readonly server: string | undefined;
  readonly port: number;
  readonly pkcs12: string | undefined;
  readonly password: Secret | undefined;
  readonly passwordfile: string | undefined;
  readonly plugininfo: string | undefined;
  readonly syslog: boolean;
  readonly stderr: boolean;
  readonly logfile: string | undefined;
  readonly logformat: 'text' | 'json';
  readonly level: LogLevel;
  readonly csvfile: string | undefined;
  readonly ipv6: boolean;
  readonly multiinfo: string | undefined;
  /** Ours: an already downloaded report. */
  readonly report: string | undefined;
  readonly fingerprint: string | undefined;
  readonly insecure: boolean;
  readonly legacytls: boolean;
  readonly force: boolean;
  readonly summary: string | undefined;
  /** Reconnections after a lost connection. */
  readonly retries: number;
  /** Seconds. */
  readonly connecttimeout: number;
  readonly handshaketimeout: number;
  readonly replytimeout: number;
  /** Seconds to wait for another run to end; undefined: do not wait. */
  readonly wait: number | undefined;
  readonly overlap: boolean;
  readonly test: boolean;
}
