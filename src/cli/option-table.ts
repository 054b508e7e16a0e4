import type { OptionSpec } from './getopt.ts';

/** One option, as usage, help, manual page and completion show it. */
export interface OptionEntry extends OptionSpec {
  /** With its brackets, e.g. `<server address>`; empty for a flag. */
  readonly placeholder: string;
  /** What the usage says at the right. */
  readonly note: string;
  /** What the manual page says: whole sentences. */
  readonly help: string;
  /** What may stand after `=`, for completion. */
  readonly completes?: 'file' | 'directory' | readonly string[];
  /** Only process-multiple takes it. */
  readonly multipleOnly?: true;
  /** Accepted, but not shown. */
  readonly hidden?: true;
}

/** The defaults, in one place: the parser sets them and the help tells them. */
export const DEFAULTS = {
  plugin: 'QualysGuard',
  port: 8307,
  level: 2,
  logformat: 'text',
  retries: 5,
  connecttimeout: 10,
  handshaketimeout: 30,
  replytimeout: 300,
} as const;

/** The Perl connector's options, in the order of its usage. */
export const ORIGINAL_OPTIONS: readonly OptionEntry[] = [
  {
    name: 'server',
    value: 'text',
    placeholder: '<server address>',
    note: '',
    help: 'The Management Center: a host name or an address. Needed unless -csvfile is given.',
  },
  {
    name: 'port',
    value: 'integer',
    placeholder: '<server port>',
    note: `(default: ${DEFAULTS.port})`,
    help: `Its host input port, 1 to 65535. Default ${DEFAULTS.port}.`,
  },
  {
    name: 'pkcs12',
    value: 'text',
    placeholder: '<path to pkcs12 file>',
    note: '(default: autodetect)',
    help: 'The certificate file that the Management Center made for this client. Default: the one certificate file in the current directory.',
    completes: 'file',
  },
  {
    name: 'password',
    value: 'text',
    placeholder: '<pkcs12 password>',
    note: '(default: none)',
    help: 'The password of the certificate file. It is removed from the process list at once, but other users may see it for a moment, and it stays in the history of your shell: -passwordfile or PKCS12_PASSWORD are better.',
  },
  {
    name: 'plugininfo',
    value: 'text',
    placeholder: '<any string passed into plugin module>',
    note: '',
    help: 'Handed to the plugin. For QualysGuard: the path of its YAML file, default InputPlugins/QualysGuard.yaml; for csv: the path of the command file.',
    completes: 'file',
  },
  {
    name: 'syslog',
    value: 'none',
    placeholder: '',
    note: '',
    help: 'Log to the system log: facility user, with the name of the plugin.',
  },
  {
    name: 'stderr',
    value: 'none',
    placeholder: '',
    note: '',
    help: 'Log to standard error.',
  },
  {
    name: 'logfile',
    value: 'text',
    placeholder: '<log file>',
    note: '',
    help: 'Append the log to this file. Missing folders are made; the file is opened again on SIGHUP. With none of -syslog, -stderr and -logfile the log goes to standard output; any of them may be combined.',
    completes: 'file',
  },
  {
    name: 'level',
    value: 'integer',
    placeholder: '<log level> (3: debug, 2: info, 1: warning, 0: error)',
    note: '',
    help: `How much is logged: 0 errors, 1 warnings too, 2 what is being done, 3 every host and every vulnerability. Default ${DEFAULTS.level}.`,
    completes: ['0', '1', '2', '3'],
  },
  {
    name: 'multiinfo',
    value: 'text',
    placeholder: '<...>',
    note: '(process_multiple only)',
    help: 'The ids of the report templates, joined by commas without blanks; the same as the first word without a dash.',
    multipleOnly: true,
  },
  {
    name: 'csvfile',
    value: 'text',
    placeholder: '<CSV output filename>',
    note: '',
    help: 'Write the commands to this file and do not connect to a Management Center. process-multiple puts the id of the template before the name of the file.',
    completes: 'file',
  },
  {
    name: 'ipv6',
    value: 'none',
    placeholder: '',
    note: '',
    help: 'Speak IPv6 only to the Management Center.',
  },
  {
    name: 'runondc',
    value: 'text',
    placeholder: '<y|n>',
    note: '',
    help: 'Run on the appliance itself: no longer possible. Only n is accepted.',
    hidden: true,
  },
];

/** What the Perl connector lacks. */
export const OUR_OPTIONS: readonly OptionEntry[] = [
  {
    name: 'test',
    value: 'none',
    placeholder: '',
    note: 'check that everything is ready; import nothing',
    help: 'Check the configuration, the certificate file, the Management Center and Qualys, and say line by line what is well and what is not. Nothing is imported and no report is made.',
  },
  {
    name: 'report',
    value: 'text',
    placeholder: '<report file>',
    note: 'a report already downloaded, instead of Qualys',
    help: 'Read this report (XML) from disk instead of fetching one from Qualys.',
    completes: 'file',
  },
  {
    name: 'summary',
    value: 'text',
    placeholder: '<JSON file>',
    note: 'write what was done as JSON',
    help: 'Write the counts at the end of the run to this file as JSON, also after a failure.',
    completes: 'file',
  },
  {
    name: 'passwordfile',
    value: 'text',
    placeholder: '<file>',
    note: 'first line: the pkcs12 password',
    help: 'Read the password of the certificate file from the first line of this file.',
    completes: 'file',
  },
  {
    name: 'fingerprint',
    value: 'text',
    placeholder: '<SHA-256>',
    note: 'trust exactly this server certificate',
    help: 'Trust the Management Center whose certificate has this SHA-256 fingerprint, and no other.',
  },
  {
    name: 'insecure',
    value: 'none',
    placeholder: '',
    note: 'trust any server certificate',
    help: 'Do not check who the Management Center is. Anyone on the way can then read and change what is sent.',
  },
  {
    name: 'legacytls',
    value: 'none',
    placeholder: '',
    note: 'allow TLS 1.0 and SHA-1 certificates',
    help: 'Allow TLS 1.0 and 1.1 and certificates signed with SHA-1, for the connection to the Management Center.',
  },
  {
    name: 'retries',
    value: 'integer',
    placeholder: '<count>',
    note: `(default: ${DEFAULTS.retries})`,
    help: `How often a lost connection to the Management Center is opened again. Default ${DEFAULTS.retries}.`,
  },
  {
    name: 'connecttimeout',
    value: 'integer',
    placeholder: '<seconds>',
    note: `(default: ${DEFAULTS.connecttimeout})`,
    help: `The longest time for connecting to the Management Center. Default ${DEFAULTS.connecttimeout}.`,
  },
  {
    name: 'handshaketimeout',
    value: 'integer',
    placeholder: '<seconds>',
    note: `(default: ${DEFAULTS.handshaketimeout})`,
    help: `The longest time for its TLS handshake, and then for its first answer. Default ${DEFAULTS.handshaketimeout}.`,
  },
  {
    name: 'replytimeout',
    value: 'integer',
    placeholder: '<seconds>',
    note: `(default: ${DEFAULTS.replytimeout})`,
    help: `The longest time for one of its replies. Default ${DEFAULTS.replytimeout}.`,
  },
  {
    name: 'wait',
    value: 'integer',
    placeholder: '<seconds>',
    note: 'wait for another run to end (default: do not)',
    help: 'When another run for the same server and templates is going on, wait this long for its end. Default: do not wait, end with exit code 4.',
  },
  {
    name: 'overlap',
    value: 'none',
    placeholder: '',
    note: 'generate the next report while sending (process_multiple only)',
    help: 'Let Qualys generate the report of the next template while the one before is being sent.',
    multipleOnly: true,
  },
  {
    name: 'force',
    value: 'none',
    placeholder: '',
    note: 'csv plugin: send although lines look wrong',
    help: 'For the csv plugin: send the file although some of its lines look wrong.',
  },
  {
    name: 'logformat',
    value: 'text',
    placeholder: '<text|json>',
    note: `(default: ${DEFAULTS.logformat})`,
    help: 'The form of the log: lines as the Perl connector writes them, or JSON for log collectors.',
    completes: ['text', 'json'],
  },
  {
    name: 'init',
    value: 'text',
    placeholder: '<directory>',
    note: 'make a working directory',
    help: 'Make a working directory: the YAML file to fill in, and a line for the crontab.',
    completes: 'directory',
  },
  {
    name: 'completion',
    value: 'text',
    placeholder: '<bash|zsh>',
    note: 'print the completion for this shell',
    help: 'Print the completion of these options for bash or zsh.',
    completes: ['bash', 'zsh'],
  },
  {
    name: 'help',
    value: 'none',
    placeholder: '',
    note: 'print this',
    help: 'Print all options and plugins.',
  },
  {
    name: 'version',
    value: 'none',
    placeholder: '',
    note: 'print name and version',
    help: 'Print name and version.',
  },
];

/** In the order in which a name is looked up. */
export const OPTION_TABLES = [ORIGINAL_OPTIONS, OUR_OPTIONS] as const;

export const ALL_OPTIONS: readonly OptionEntry[] = [...ORIGINAL_OPTIONS, ...OUR_OPTIONS];

/** The fewest letters that mean this option, as the usage shows them in brackets. */
export function shortestForm(name: string): string {
  for (let length = 1; length < name.length; length += 1) {
    const prefix = name.slice(0, length);
    if (meaning(prefix) === name) return prefix;
  }
  return name;
}

function meaning(prefix: string): string | undefined {
  for (const table of OPTION_TABLES) {
    const fits = table.filter((option) => option.name.startsWith(prefix));
    if (fits.length > 0) return fits.length === 1 ? fits[0]?.name : undefined;
  }
  return undefined;
}
