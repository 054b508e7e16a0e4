import { resolve } from 'node:path';
import { ContradictoryOptionsError } from './errors.ts';
import type { Options } from '../options.ts';
import type { Program } from './usage.ts';

type Name = keyof Options;

const PAIRS: readonly (readonly [Name, Name, string])[] = [
  ['test', 'csvfile', 'a test writes nothing'],
  ['insecure', 'fingerprint', 'one trusts any server, the other only one'],
];

const FILES: readonly Name[] = ['csvfile', 'logfile', 'summary', 'report', 'pkcs12', 'passwordfile'];

/** Throws ContradictoryOptionsError when two options cannot both be meant. */
export function refuseContradictions(options: Options, program: Program): void {
  for (const [one, other, why] of PAIRS) {
    if (isGiven(options[one]) && isGiven(options[other])) {
      throw new ContradictoryOptionsError(one, other, why);
    }
  }
  if (options.password !== undefined && options.passwordfile !== undefined) {
    throw new ContradictoryOptionsError('password', 'passwordfile', 'there is one password');
  }
  if (program.multiple && options.report !== undefined) {
    throw new ContradictoryOptionsError('report', 'multiinfo', 'a report belongs to one template');
  }
  refuseSharedFiles(options);
}

function isGiven(value: Options[Name]): boolean {
  return value !== undefined && value !== false;
}

/** A file that is read or written for two purposes would be destroyed. */
function refuseSharedFiles(options: Options): void {
  const owners = new Map<string, Name>();
  for (const name of FILES) {
    const value = options[name];
    if (typeof value !== 'string') continue;
    const path = resolve(value);
    const owner = owners.get(path);
    if (owner !== undefined && !path.startsWith('/dev/')) {
      throw new ContradictoryOptionsError(owner, name, 'they name the same file');
    }
    owners.set(path, name);
  }
}
