import type { StateHeader } from './state-file.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A run that begins a little earlier in its night than the one a week ago did is a week later all the same. */
const EARLIER = 60 * 60 * 1000;

interface Situation {
  readonly header: StateHeader | undefined;
  readonly unsure: string | undefined;
  readonly rules: Readonly<Record<string, string>>;
  readonly started: Date;
  readonly fullEveryDays: number;
}

/** Why everything is to be sent, a clause; undefined: what changed is enough. */
export function reasonForAll(situation: Situation): string | undefined {
  const { header, unsure, rules, started, fullEveryDays } = situation;
  if (unsure !== undefined) return unsure;
  if (!header) return 'nothing is remembered of this source yet';
  const different = rulesThatDiffer(rules, header);
  if (different.length > 0) return `what rules the commands has changed: ${different.join(', ')}`;
  const age = started.getTime() - Date.parse(header.full);
  if (age < 0) return 'the last full run lies in the future';
  if (age < fullEveryDays * DAY - EARLIER) return undefined;
  return `that was last done on ${header.full.slice(0, 10)} (full_every_days: ${fullEveryDays})`;
}

/** Names of what rules the commands and is not as it was last time. */
export function rulesThatDiffer(rules: Situation['rules'], header: StateHeader | undefined): string[] {
  if (!header) return [];
  const names = [...new Set([...Object.keys(rules), ...Object.keys(header.rules)])];
  return names.filter((name) => rules[name] !== header.rules[name]);
}
