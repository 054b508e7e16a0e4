/** Writes getopt-answers.jsonl, what real Perl answers to some command lines: `node dist/test/cli/record-getopt-answers.js`. */
import { writeFileSync } from 'node:fs';
import { askPerl, commandLines } from './perl-getopt.ts';

/** Writes getopt-answers.jsonl, what real Perl answers to some command lines: `node dist/test/cli/record-getopt-answers.js`. */

const WRITTEN_BY_HAND = [
  [],
  ['-server=192.0.2.1', '-pkcs12=client.pkcs12', '-password=secret', 'QualysGuard'],
  ['-server', '192.0.2.1', '--level', '3', '+syslog'],
  ['-s'],
  ['-p', '8307'],
  ['-l'],
  ['-se=a', '-po=1', '-pk=b', '-pa=c', '-pl=d', '-sy', '-st', '-lo=e', '-le=0', '-m=f', '-c=g', '-i', '-r=n'],
  ['-SERVER=a', '--LeVeL=2'],
  ['-bogus'],
  ['-csvfile'],
  ['-csvfile='],
  ['-csvfile', ''],
  ['-csvfile', '-level'],
  ['-level', 'abc'],
  ['-level=abc', '-bogus', '-s'],
  ['-level', '-1', '-port', '+8_307'],
  ['-syslog=1'],
  ['-syslog', '1'],
  ['--', '-server=a'],
  ['a', '-ipv6', 'b', '--', '-ipv6'],
  ['-', '+', '--'],
  ['-=x'],
  ['-server=a', '-server=b'],
  ['424242,535353', '-csvfile=Output.csv'],
];

const answers = askPerl([...WRITTEN_BY_HAND, ...commandLines(20_251_103, 276)]);
if (answers === undefined) throw new Error('There is no perl here to ask.');
writeFileSync(
  new URL('../../../test/cli/getopt-answers.jsonl', import.meta.url),
  answers
    .map(
      (answer) => `${JSON.stringify(answer)}
`,
    )
    .join(''),
);
