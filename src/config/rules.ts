import { type KeyName, NAMED_KEYS } from './keys.ts';
import type { QualysConfig } from './read-qualys-config.ts';

/** Keys of the way to Qualys, and of what is done with the commands: they change nothing in them. */
const NO_RULES: ReadonlySet<KeyName> = new Set([
  ...(['userId', 'password', 'passwordFile', 'passwordCommand'] as const),
  ...(['clientId', 'clientSecret', 'clientSecretFile', 'clientSecretCommand'] as const),
  ...(['clientLevel', 'gateway', 'onFailure', 'servers'] as const),
  ...(['templateId', 'qualysServer', 'qualysCa', 'api', 'apiVersion', 'pollInterval'] as const),
  ...(['reportTimeout', 'reuseMinutes', 'reportLimit', 'reportDir', 'keepReport'] as const),
  ...(['proxy', 'proxyPort', 'proxyUser', 'proxyPassword', 'proxyPasswordCommand'] as const),
  ...(['detectionApiVersion', 'pageSize', 'responseTimeout'] as const),
  ...(['kbApiVersion', 'kbCache', 'kbMaxAgeDays', 'pkcs12PasswordCommand'] as const),
  ...(['fullEveryDays', 'clearGoneHosts', 'goneLimit', 'maxReportAge'] as const),
]);

/** What the commands of a configuration are made by: its keys, each with its value as text. Nothing secret. */
export function rulesOf(config: QualysConfig): Record<string, string> {
  const ruling = NAMED_KEYS.filter(([name, { secret }]) => secret !== true && !NO_RULES.has(name));
  return Object.fromEntries(ruling.map(([name, key]) => [key.name, textOf(config[name])]));
}

function textOf(value: unknown): string {
  const plain = value instanceof Set ? [...(value as Set<unknown>)].sort() : (value ?? '');
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}
