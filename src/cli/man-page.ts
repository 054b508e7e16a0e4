import { DEFAULT_FILE } from '../config/default-file.ts';
import { describeKey, NAMED_KEYS } from '../config/keys.ts';
import { ENVIRONMENT } from '../environment.ts';
import { EXIT_CODE_MEANINGS } from '../exit-code.ts';
import { VERSION } from '../version.ts';
import type { Option } from '../option.ts';
import { ORIGINAL_OPTIONS, OUR_OPTIONS, shortestForm, shownOptions } from './option-table.ts';

export type ManPageName = 'qualys_connector' | 'process-multiple';

/** A term and what is said of it, both plain text. */
type Definition = readonly [string, string];

const SUBJECTS: Readonly<Record<ManPageName, string>> = {
  qualys_connector: 'bring what Qualys knows of your hosts into a Management Center',
  'process-multiple': 'run qualys_connector for several report templates',
};

const SYNOPSES: Readonly<Record<ManPageName, string>> = {
  qualys_connector: '[options] [plugin]',
  'process-multiple': '<id,id,...> [options] [plugin]',
};

const DESCRIPTIONS: Readonly<Record<ManPageName, readonly string[]>> = {
  qualys_connector: [
    'Has Qualys make a report, downloads it, turns it into host input commands and delivers these to a Cisco Firepower Management Center over TLS, or writes them to a file (-csvfile). The plugin says where the data comes from: QualysGuard (the default) or csv, which sends a file of commands.',
    'Options may begin with -, -- or +, be abbreviated as long as they stay unique, be written in any case and stand in any order; a value follows after = or as the next word. The word -- ends the options. These are the rules of the Perl connector, and its options come first: an abbreviation that fits one of them never means a newer option. The bracketed letters below are the shortest form.',
  ],
  'process-multiple': [
    'Runs qualys_connector once for each report template, one after the other. The ids are joined by commas, without blanks, and take the place of the template_id in the YAML file. When one template fails, the others are processed all the same; the exit code is then the gravest of all.',
    'All options of qualys_connector(1) are taken, but for -report. With -csvfile=Output.csv each template has a file of its own: 424242_Output.csv.',
  ],
};

const FILES: readonly Definition[] = [
  [
    DEFAULT_FILE,
    'The configuration of the QualysGuard plugin, in the current directory. It holds a password: keep it at mode 0600.',
  ],
  [
    '*.pkcs12, *.p12, *.pfx',
    'The certificate file, looked for in the current directory and then beside the YAML file when -pkcs12 is not given.',
  ],
];

const SIGNALS: readonly Definition[] = [
  [
    'SIGHUP',
    'With -logfile: opens that file again, after logrotate has renamed it. Without: as SIGTERM, with exit code 129.',
  ],
  [
    'SIGINT, SIGTERM',
    'Finish the block that is being sent and end, with exit code 130 or 143. A second one ends at once.',
  ],
];

const EXAMPLES: Readonly<Record<ManPageName, readonly Definition[]>> = {
  qualys_connector: [
    ['qualys_connector -server=192.0.2.10 -pkcs12=client.pkcs12 -test', 'Is everything ready?'],
    ['qualys_connector -csvfile=Output.csv', 'Writes the commands to a file; needs no Management Center.'],
    ['qualys_connector -server=192.0.2.10 -plugininfo=Output.csv csv', 'Sends that file.'],
    [
      'qualys_connector -server=192.0.2.10 -syslog -logfile=connector.log -level=3',
      'The nightly run, with all its details in the system log and in a file.',
    ],
  ],
  'process-multiple': [
    ['process-multiple 424242,535353 -server=192.0.2.10', 'Two templates, one after the other.'],
    ['process-multiple 424242,535353 -csvfile=Output.csv', 'Makes 424242_Output.csv and 535353_Output.csv.'],
  ],
};

/** The manual page of a command, in roff's man macros, made from the table of options. */
export function manPage(name: ManPageName): string {
  const multiple = name === 'process-multiple';
  const other = multiple ? 'qualys_connector' : 'process-multiple';
  return [
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "qualys\\-connector ${VERSION}" "User Commands"`,
    section('NAME', `${roff(name)} \\- ${roff(SUBJECTS[name])}`),
    section('SYNOPSIS', `.B ${roff(name)}\n${roff(SYNOPSES[name])}`),
    section('DESCRIPTION', DESCRIPTIONS[name].map(roff).join('\n.PP\n')),
    section('OPTIONS', options(ORIGINAL_OPTIONS, multiple)),
    section('OPTIONS THAT THE PERL CONNECTOR LACKS', options(OUR_OPTIONS, multiple)),
    section('EXIT STATUS', definitions(Object.entries(EXIT_CODE_MEANINGS))),
    section(
      'KEYS OF THE YAML FILE',
      definitions(NAMED_KEYS.map(([, key]) => [key.name, `${describeKey(key)}.`])),
    ),
    section('ENVIRONMENT', definitions(ENVIRONMENT)),
    section('FILES', definitions(FILES)),
    section('SIGNALS', definitions(SIGNALS)),
    section('EXAMPLES', definitions(EXAMPLES[name])),
    section('SEE ALSO', `.BR ${roff(other)} (1)`),
    '',
  ].join('\n');
}

function section(title: string, body: string): string {
  return `.SH "${title}"\n${body}`;
}

function options(list: readonly Option[], multiple: boolean): string {
  return shownOptions(list, multiple).map(optionText).join('\n');
}

function optionText(option: Option): string {
  const name = option.name();
  const short = shortestForm(name);
  const form = `\\fB[\\-${roff(short)}]${roff(name.slice(short.length))}\\fR`;
  const value = option.required ? `=\\fI${roff(option.placeholder)}\\fR` : '';
  return `.TP\n${form}${value}\n${roff(option.help)}`;
}

function definitions(list: readonly Definition[]): string {
  return list.map(([term, text]) => `.TP\n\\fB${roff(term)}\\fR\n${roff(text)}`).join('\n');
}

/** Plain text as roff has it: dashes that can be copied, no control line by accident. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}
