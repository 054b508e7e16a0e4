/** Real Getopt::Long, asked through one perl process, and command lines to ask it about. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { getopt } from '../../src/cli/getopt.ts';
import { OPTION_TABLES } from '../../src/cli/option-table.ts';

const [ORIGINAL_OPTIONS] = OPTION_TABLES;

/** Real Getopt::Long, asked through one perl process, and command lines to ask it about. */

export interface Answer {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly operands: readonly string[];
  readonly messages: readonly string[];
}

/** Each line of input is a command line, its words in hexadecimal; so are the parts of the answer. */
const SCRIPT = String.raw`
use strict; use warnings; use Getopt::Long qw(GetOptionsFromArray);
my @specs = split / /, shift @ARGV;
while (my $line = <STDIN>) {
  chomp $line;
  my @words = map { pack 'H*', substr $_, 1 } split / /, $line;
  my (%options, @messages);
  local $SIG{__WARN__} = sub { my $text = $_[0]; $text =~ s/\n\z//; push @messages, $text };
  GetOptionsFromArray(\@words, \%options, @specs);
  my $hex = sub { join ' ', map { 'x' . unpack 'H*', $_ } @_ };
  print join('|', $hex->(map { ($_, $options{$_}) } sort keys %options), $hex->(@words), $hex->(@messages)), "\n";
}
`;

const SUFFIXES = { none: '', text: '=s', integer: '=i', attached: ':s' } as const;

/** Undefined where there is no perl. */
export function askPerl(lines: readonly (readonly string[])[]): Answer[] | undefined {
  const specs = ORIGINAL_OPTIONS.map(({ name, value }) => name + SUFFIXES[value]).join(' ');
  const input = lines.map((words) => `${words.map(toHex).join(' ')}\n`).join('');
  const { stdout, error } = spawnSync('perl', ['-e', SCRIPT, specs], {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (error !== undefined) return undefined;
  return stdout
    .trimEnd()
    .split('\n')
    .map((answer, at) => readAnswer(answer, lines[at] ?? []));
}

function toHex(text: string): string {
  return `x${Buffer.from(text).toString('hex')}`;
}

function readAnswer(answer: string, words: readonly string[]): Answer {
  const [options = [], operands = [], messages = []] = answer
    .split('|')
    .map((part) =>
      (part === '' ? [] : part.split(' ')).map((hex) => Buffer.from(hex.slice(1), 'hex').toString()),
    );
  const pairs = options.flatMap((name, at) => (at % 2 === 0 ? [[name, options[at + 1] ?? '']] : []));
  return { words, options: Object.fromEntries(pairs) as Record<string, string>, operands, messages };
}

/** Our answer in the same form: Perl shows a flag as 1. */
export function ourAnswer(words: readonly string[]): Answer {
  const { options, operands, messages } = getopt(words, [ORIGINAL_OPTIONS]);
  const shown = [...options]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, value === true ? '1' : String(value)]);
  return { words, options: Object.fromEntries(shown) as Record<string, string>, operands, messages };
}

const STARTERS = ['-', '-', '-', '--', '+', '---', ''];
const NAMES = [
  ...ORIGINAL_OPTIONS.map(({ name }) => name),
  'bogus',
  'help',
  'passwordfile',
  '',
  '=',
  'é',
  'server ',
  '-x',
];
const VALUES = [
  '2',
  '-3',
  '+4',
  '_1_0',
  '1_',
  '0x10',
  '12abc',
  '3.5',
  '007',
  '-0',
  '5\n',
  '\n',
  '--',
  '-',
  '-level',
  'a=b',
  '=',
  '',
  'QualysGuard',
  'ü',
  '0',
  ' 1',
  '1 ',
];

const word = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        starter: fc.constantFrom(...STARTERS),
        name: fc.constantFrom(...NAMES),
        length: fc.nat(12),
        loud: fc.boolean(),
        value: fc.option(fc.constantFrom(...VALUES), { nil: undefined }),
      })
      .map(({ starter, name, length, loud, value }) => {
        const short = name.slice(0, Math.max(1, length));
        return starter + (loud ? short.toUpperCase() : short) + (value === undefined ? '' : `=${value}`);
      }),
  },
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }).filter((text) => !text.includes('\0')) },
);

/** Good and bad command lines, always the same for a seed. */
export function commandLines(seed: number, howMany: number): string[][] {
  return fc.sample(fc.array(word, { maxLength: 6 }), { seed, numRuns: howMany });
}
