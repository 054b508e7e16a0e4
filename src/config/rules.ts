import { NAMED_KEYS } from './keys.ts';
import type { QualysConfig } from './read-qualys-config.ts';

/** What the commands of a configuration are made by: its keys, each with its value as text. Nothing secret. */
export function rulesOf(config: QualysConfig): Record<string, string> {
  const ruling = NAMED_KEYS.filter(([, { rules }]) => rules === 'commands');
  return Object.fromEntries(ruling.map(([name, key]) => [key.name, textOf(config[name])]));
}

function textOf(value: unknown): string {
  const plain = value instanceof Set ? [...(value as Set<unknown>)].sort() : (value ?? '');
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}
