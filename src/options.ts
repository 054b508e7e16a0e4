/**
 * Every option, once: from this table come the type `Options`, defaults, ranges, choices, conflicts, the environment's
 * variables, usage, manual page, completion, and what getopt looks up.
 */
import * as commander from 'commander';
import type * as typed from '@commander-js/extra-typings';
import { failures } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import type { LogLevel } from './log/log.ts';
import { parseFingerprint } from './management-center/connection/fingerprint.ts';
import { Option } from './option.ts';
import { asWords, type Words } from './programs/words.ts';
import { oneLine } from './text/one-line.ts';

const ProgramPathError = failures(ExitCode.failed)('QC1020', (given: string) => [
  `-onfailure=${oneLine(given, 200)} is neither an absolute path nor the name of a program.`,
  'Give its path from the root, or its name alone where a folder of PATH has it.',
]);

/** Under types that infer the options. */
const typedCommand = commander.Command as new () => typed.Command<unknown[]>;

/** Headings of the usage: the original's options, and what it lacks. */
export const ORIGINAL = 'Options:';
export const OURS = 'More options (not in the Perl connector):';

/** Seconds: a longer timer would fire at once (Node counts milliseconds in 31 bits). */
const LONGEST_WAIT = 2_147_483;

/** @throws ProgramPathError */
function programOf(text: string): Words {
  const words = asWords([text]);
  if (!words) throw new ProgramPathError(text);
  return words;
}

/** In the order of the Perl connector's usage, then ours. Options are called by their full names: getopt is in front of it. */
export const command = new typedCommand()
  .exitOverride()
  .configureOutput({ outputError: () => undefined })
  .helpOption(false)
  .optionsGroup(ORIGINAL)
  .addOption(
    new Option(
      '--server <server address>',
      'The Management Center: a host name or an address. Several are joined by commas, each with its port if need be: a,b:8307,[2001:db8::1]. Needed unless -csvfile or -test is given.',
    ),
  )
  .addOption(
    new Option('--port <server port>', 'Its host input port, 1 to 65535.').between(1, 65_535).default(8307),
  )
  .addOption(
    new Option(
      '--pkcs12 <path to pkcs12 file>',
      'The certificate file that the Management Center made for this client. Default: the one certificate file in the current directory.',
      { note: '(default: autodetect)', completes: 'file' },
    ),
  )
  .addOption(
    new Option(
      '--password <pkcs12 password>',
      'The password of the certificate file. It is removed from the process list at once, but other users may see it for a moment, and it stays in the history of your shell: -passwordfile or PKCS12_PASSWORD are better.',
      { note: '(default: none)' },
    )
      .excludes('passwordfile', 'there is one password')
      .env('PKCS12_PASSWORD')
      .secret(),
  )
  .addOption(
    new Option(
      '--plugininfo <any string passed into plugin module>',
      'Handed to the plugin. For QualysGuard: the path of its YAML file, default InputPlugins/QualysGuard.yaml; for csv: the path of the command file.',
      { completes: 'file' },
    ),
  )
  .addOption(
    new Option('--syslog', 'Log to the system log: facility user, with the name of the plugin.').default(
      false,
    ),
  )
  .addOption(new Option('--stderr', 'Log to standard error.').default(false))
  .addOption(
    new Option(
      '--logfile <log file>',
      'Append the log to this file. Missing folders are made; the file is opened again on SIGHUP. With none of -syslog, -stderr and -logfile the log goes to standard output; any of them may be combined.',
      { completes: 'file' },
    ),
  )
  .addOption(
    new Option(
      '--level <log level>',
      'How much is logged: 0 errors, 1 warnings too, 2 what is being done, 3 every host and every vulnerability.',
      {
        note: '',
        meanings: '(3: debug, 2: info, 1: warning, 0: error)',
        completes: ['0', '1', '2', '3'],
      },
    )
      .between<LogLevel>(0, 3)
      .default(2),
  )
  .addOption(
    new Option(
      '--multiinfo <...>',
      'The ids of the report templates, joined by commas without blanks; the same as the first word without a dash.',
      { note: '(process_multiple only)', only: 'process-multiple' },
    ).argParser(String),
  )
  .addOption(
    new Option(
      '--csvfile <CSV output filename>',
      'Write the commands to this file and do not connect to a Management Center. process-multiple puts the id of the template before the name of the file. A new file is for its owner alone (mode 0600). With - (or /dev/stdout) the commands go to standard output and the log to standard error.',
      { completes: 'file' },
    ).argParser((text) => (text === '-' ? '/dev/stdout' : text)),
  )
  .addOption(new Option('--ipv6', 'Speak IPv6 only to the Management Center.').default(false))
  .addOption(
    new Option('--runondc <y|n>', 'Run on the appliance itself: no longer possible. Only n is accepted.')
      .hideHelp()
      .choices(['n', 'no', 'y', 'yes']),
  )
  .optionsGroup(OURS)
  .addOption(
    new Option(
      '--test',
      'Check the configuration, the certificate file, the Management Center (with -server), the place of -csvfile, and Qualys, and say line by line what is well and what is not. Nothing is imported and no report is made.',
      { note: 'check that everything is ready; import nothing' },
    ).default(false),
  )
  .addOption(
    new Option(
      '--check',
      'Check the command line, the configuration, the certificate file (with -server or -pkcs12) and the places that are written to, and the program of -onfailure, all at once, without the network and without running a command that gives a secret. Ends with exit code 2 where something is wrong.',
      { note: 'find what is wrong, without the network', younger: true },
    )
      .excludes('test', 'the one asks no server, the other does')
      .default(false),
  )
  .addOption(
    new Option(
      '--list <templates|groups|tags>',
      'Print what the Qualys account has: its report templates, of which those of the type Auto/Scan can be used, its asset groups, or its tags (which need API access to Asset Management and Tagging). A table, or with -logformat=json an object a line. Needs the login of the YAML, but neither -server nor template_id.',
      {
        note: "print the account's templates, asset groups or tags",
        only: 'qualys_connector',
        younger: true,
      },
    ).choices(['templates', 'groups', 'tags']),
  )
  .addOption(
    new Option(
      '--report <report file>',
      'Read this report (XML) from disk instead of fetching one from Qualys.',
      {
        note: 'a report already downloaded, instead of Qualys',
        completes: 'file',
        only: 'qualys_connector',
      },
    ),
  )
  .addOption(
    new Option(
      '--summary <JSON file>',
      'Write the counts at the end of the run, or the steps of -test, to this file as JSON, also after a failure. Missing folders are made.',
      { note: 'write what was done as JSON', completes: 'file' },
    ),
  )
  .addOption(
    new Option(
      '--page <HTML file>',
      'Write what the run did and found as a page to look at in a browser, one file without any other, also after a failure. Missing folders are made; a new file is for its owner alone (mode 0600).',
      { note: 'write what was done as a page to look at', completes: 'file' },
    ),
  )
  .addOption(
    new Option(
      '--metrics <prom file>',
      "Write the counts at the end of the run to this file, for the textfile collector of Prometheus' node_exporter, also after a failure. Missing folders are made; a new file may be read by everybody (mode 0644).",
      { note: 'write the counts for Prometheus', completes: 'file' },
    ),
  )
  .addOption(
    new Option(
      '--passwordfile <file>',
      'Read the password of the certificate file from the first line of this file.',
      { note: 'first line: the pkcs12 password', completes: 'file' },
    ),
  )
  .addOption(
    new Option(
      '--fingerprint <SHA-256>',
      'Trust the Management Center whose certificate has this SHA-256 fingerprint, and no other.',
      { note: 'trust exactly this server certificate' },
    ).argParser(parseFingerprint),
  )
  .addOption(
    new Option(
      '--insecure',
      'Do not check who the Management Center is. Anyone on the way can then read and change what is sent.',
      { note: 'trust any server certificate' },
    )
      .excludes('fingerprint', 'one trusts any server, the other only one')
      .default(false),
  )
  .addOption(
    new Option(
      '--legacytls',
      'Allow TLS 1.0 and 1.1 and certificates signed with SHA-1, for the connection to the Management Center.',
      { note: 'allow TLS 1.0 and SHA-1 certificates' },
    ).default(false),
  )
  .addOption(
    new Option('--retries <count>', 'How often a lost connection to the Management Center is opened again.')
      .between(0, 1_000_000)
      .default(5),
  )
  .addOption(
    new Option('--connecttimeout <seconds>', 'The longest time for connecting to the Management Center.')
      .between(1, LONGEST_WAIT)
      .default(10),
  )
  .addOption(
    new Option(
      '--handshaketimeout <seconds>',
      'The longest time for its TLS handshake, and then for its first answer.',
    )
      .between(1, LONGEST_WAIT)
      .default(30),
  )
  .addOption(
    new Option('--replytimeout <seconds>', 'The longest time for one of its replies.')
      .between(1, LONGEST_WAIT)
      .default(300),
  )
  .addOption(
    new Option(
      '--wait <seconds>',
      'When another run for the same server and templates is going on, wait this long for its end. Default: do not wait, end with exit code 4.',
      { note: 'wait for another run to end (default: do not)' },
    ).between(0, LONGEST_WAIT),
  )
  .addOption(
    new Option(
      '--overlap',
      'Let Qualys generate the report of the next template while the one before is being sent.',
      { note: 'generate the next report while sending (process_multiple only)', only: 'process-multiple' },
    ).default(false),
  )
  .addOption(
    new Option(
      '--parallel',
      'Deliver to several Management Centers at once. Without it they get the same one after the other.',
      { note: 'deliver to several Management Centers at once' },
    ).default(false),
  )
  .addOption(
    new Option(
      '--force',
      'For the csv plugin: send the file although some of its lines look wrong. With -state: hosts that are gone are so on purpose, even when they are more than gone_limit.',
      { note: 'csv plugin: send although lines look wrong; -state: hosts that are gone are meant to be' },
    ).default(false),
  )
  .addOption(
    new Option(
      '--logformat <text|json>',
      'The form of the log: lines as the Perl connector writes them, or JSON for log collectors.',
    )
      .choices(['text', 'json'])
      .default('text'),
  )
  .addOption(
    new Option(
      '--utc',
      'Write the times of the log in UTC, as ISO 8601 has them: 2026-11-23T03:00:05.000Z. Without it they are local and in the form of the Perl connector; with -logformat=json they are ISO 8601 anyway.',
      { note: 'ISO 8601 times with their zone in the log' },
    ).default(false),
  )
  .addOption(
    new Option(
      '--onfailure <program>',
      'Run this program when the run ends with another exit code than 0, but for Ctrl-C: its absolute path, or its name in PATH. It has 60 seconds and finds QC_EXIT_CODE, QC_CODE, QC_SENTENCE and QC_SUMMARY in its environment. A program with arguments is on_failure in the YAML, before which this goes.',
      { note: 'run this when the run fails', completes: 'file', younger: true },
    ).argParser(programOf),
  )
  .addOption(
    new Option(
      '--state <directory>',
      'Remember in this directory what the Management Center has acknowledged, and tell what is different from last time. It is made for its owner alone (mode 0700). With -csvfile it is only read, and -server names the Management Center.',
      { note: 'remember what was acknowledged', completes: 'directory' },
    ),
  )
  .addOption(
    new Option(
      '--changed',
      'Send only hosts that are different from what the Management Center has acknowledged (needs -state). Every full_every_days, and whenever that is not sure, all are sent.',
      { note: 'with -state: send only what has changed' },
    ).default(false),
  )
  .addOption(
    new Option(
      '--init <directory>',
      'Make a working directory. At a terminal it asks for all that a first run needs, tries the login, and writes the YAML, the passwords and, as wanted, the files for cron, systemd, logrotate and the shell; without one it makes the YAML file to fill in, and prints a line for the crontab. -server, -port and -pkcs12 are its defaults. Where there is a YAML already, it proposes what that says, and changes in it only what is answered otherwise.',
      { note: 'make a working directory; asks at a terminal', completes: 'directory' },
    ),
  )
  .addOption(
    new Option('--schema', 'Print the JSON Schema of the YAML file, for editors and validators.', {
      note: 'print the JSON Schema of the YAML',
    }),
  )
  .addOption(
    new Option('--completion <bash|zsh>', 'Print the completion of these options for bash or zsh.', {
      note: 'print the completion for this shell',
    }).choices(['bash', 'zsh']),
  )
  .addOption(
    new Option('--explain <code>', 'Print what is said of a message, by its code: -explain=QC3021.', {
      note: 'print what is said of a message',
    }),
  )
  .addOption(
    new Option(
      '--help [name]',
      'Print all options and plugins; with -help=NAME what is said of that option, or key of the YAML.',
      { note: 'print this; -help=NAME: one option or key' },
    ),
  )
  .addOption(new Option('--version', 'Print name and version.', { note: 'print name and version' }));

export const OPTIONS: readonly Option[] = command.options.filter((option) => option instanceof Option);

/** What commander makes of the command line and the environment. */
export type Values = ReturnType<typeof command.opts>;

/** The command line, read and checked: what is not given is undefined or has its default. */
export type Options = {
  readonly [Name in keyof Required<Values>]: undefined extends Values[Name]
    ? Exclude<Values[Name], undefined> | undefined
    : Values[Name];
} & {
  /** The plugin's name. */
  readonly plugin: string;
};
