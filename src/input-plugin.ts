import type { Check } from './check.ts';
import type { Options } from './options.ts';
import type { CommandStream } from './host-input/command-stream.ts';
import type { ReadingOptions } from './conversion/convert-records.ts';
import type { ConversionCounts } from './conversion/counts.ts';
import type { NamedFiles } from './files/shared-files.ts';
import type { Log } from './log/log.ts';
import type { ListedServer } from './management-center/connection/server-list.ts';
import type { Words } from './programs/words.ts';
import type { DetectionCounts } from './records/detection-counts.ts';
import type { ReusedReport } from './records/reused-report.ts';
import type { SecretCommand } from './secrets/secret-command.ts';
import type { Progress } from './progress.ts';
import type { ChangeRules } from './state/change-rules.ts';

/** The first part of the flow: anything → command units. One file in InputPlugins/ each. */
export interface InputPlugin {
  readonly name: string;
  /** One line for the usage's list of plugins. */
  readonly description: string;
  readonly info: string;
  /** What -plugininfo means to it, and the keys of its YAML: key and text, for the usage. */
  readonly parameters: readonly { readonly key: string; readonly text: string }[];
  /** The YAML that a run with it goes by; a certificate file may lie beside it. */
  configFile(options: PluginOptions): string;
  /**
   * The command of its configuration that tells of a run that failed, or gives the password of the certificate file; also where
   * other things are wrong with it. Never rejects.
   */
  command?(options: PluginOptions, purpose: 'notice' | 'certificate'): Promise<Words | undefined>;
  /**
   * The Management Centers that its configuration lists, as far as it can be read; undefined: it lists none. Never rejects.
   */
  servers?(options: PluginOptions): Promise<readonly ListedServer[] | undefined>;
  /** For -check: what can be told of its configuration without the network and without any secret. */
  checkLocally(options: PluginOptions, context: InputContext): AsyncIterable<Check>;
  /** For -list: what the account has, a table whose first row has the names of the columns. @throws ConnectorError */
  list?(
    options: PluginOptions,
    what: NonNullable<Options['list']>,
    context: InputContext,
  ): Promise<readonly (readonly string[])[]>;
  /** Reads and checks the plugin's own configuration. Touches no network. @throws ConnectorError */
  prepare(options: PluginOptions): Promise<Prepared>;
}

/** What of the command line is a plugin's business. No password of anything else is. */
export type PluginOptions = Pick<Options, 'plugininfo' | 'multiinfo' | 'report' | 'force'>;

export function pluginOptions({ plugininfo, multiinfo, report, force }: Options): PluginOptions {
  return { plugininfo, multiinfo, report, force };
}

export interface Prepared {
  /** For -test: each step of reaching what the inputs come from, without importing or generating anything. */
  checks(context: InputContext): AsyncIterable<Check>;
  /** Files that its configuration names, by their keys: nothing may be written to them. */
  readonly reads: NamedFiles;
  /** One, or one for each template of `options.multiinfo`, in its order. */
  readonly inputs: readonly PreparedInput[];
  /** Sentences about files with secrets that everybody on this host can read. */
  readonly warnings: readonly string[];
  /** Sentences about what the programs said that gave secrets. */
  readonly remarks?: readonly string[];
  /** The Management Centers that its configuration lists: -server goes before them. */
  readonly servers?: readonly ListedServer[] | undefined;
  /** The command that gives the password of the certificate file, where the options do not. */
  readonly certificatePassword?: SecretCommand | undefined;
}

export interface InputContext {
  readonly log: Log;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** The longest line, in bytes with its LF, that the Management Center takes. */
  readonly maximumLine: number;
  /** Whether units are to carry what their hosts and findings are. */
  readonly detailed?: boolean;
}

/** All of an input once, from its first command to its last. */
interface Reading {
  readonly commands: CommandStream;
  /** How many hosts the stream will hold, as soon as that is known. */
  readonly ofHosts: () => number | undefined;
  /** Filled while `commands` is read; undefined where the plugin converts nothing. */
  readonly counts: ConversionCounts | undefined;
}

export interface PreparedInput {
  /** Names what is read, for the lock and for messages, e.g. `template 424242`. */
  readonly label: string;
  /** The report template's id, where there is one. */
  readonly templateId?: string;
  /** What its units are made by, by the names of the keys: when one differs, all of them may. */
  readonly rules?: Readonly<Record<string, string>>;
  /** How it is compared with last time. Default: DEFAULT_CHANGE_RULES. */
  readonly changeRules?: ChangeRules;
  /** The same as `templateId` where several are processed: it goes before the CSV file's name. */
  readonly template: string | undefined;
  /** Where it comes from Qualys' host detections: what opening it took, also when that failed; undefined: nothing yet. */
  detection?(): DetectionCounts | undefined;
  /** Gets the data (downloads, opens) and makes it ready to be read as commands. */
  open(context: InputContext): Promise<OpenInput>;
}

export interface OpenInput {
  /** All of it: once for each destination, also for several at the same time. */
  read(options?: ReadingOptions): Reading;
  /** Why its units cannot be compared host by host, a clause; undefined: they can. */
  readonly incomparable?: string | undefined;
  /** The report of an earlier run that took the place of a new one. */
  readonly reused?: ReusedReport | undefined;
  /**
   * Removes what was spooled. Called once, after all readings, however the run ends.
   * @param isDelivered whether all of it is where it is to go; default: no
   */
  close(isDelivered?: boolean): Promise<void>;
}
