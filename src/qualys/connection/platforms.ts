/** The API servers of Qualys' platforms (qualys.com/platform-identification), default first. */
export const PLATFORM_HOSTS = [
  'qualysapi.qualys.com',
  'qualysapi.qg2.apps.qualys.com',
  'qualysapi.qg3.apps.qualys.com',
  'qualysapi.qg4.apps.qualys.com',
  'qualysapi.gov1.qualys.us',
  'qualysapi.qualys.eu',
  'qualysapi.qg2.apps.qualys.eu',
  'qualysapi.qg3.apps.qualys.it',
  'qualysapi.qg1.apps.qualys.in',
  'qualysapi.qg1.apps.qualys.ca',
  'qualysapi.qg1.apps.qualys.ae',
  'qualysapi.qg1.apps.qualys.co.uk',
  'qualysapi.qg1.apps.qualys.com.au',
  'qualysapi.qg1.apps.qualysksa.com',
] as const;

/** Gateways of the two oldest platforms, whose API servers bear no `qg1.apps`. */
const OLD_GATEWAYS: Readonly<Record<string, string>> = {
  'gateway.qg1.apps.qualys.com': 'qualysapi.qualys.com',
  'gateway.qg1.apps.qualys.eu': 'qualysapi.qualys.eu',
};

/**
 * The API server to use in place of a platform's web interface (`qualysguard.`) or gateway (`gateway.`,
 * `qualysgateway.`); undefined for any other host, which is left alone: a private platform may be named as it likes.
 */
export function apiHostInsteadOf(host: string): string | undefined {
  const name = host.toLowerCase();
  const guessed = name.replace(/^(?:qualysguard|qualysgateway|gateway)\./, 'qualysapi.');
  return OLD_GATEWAYS[name] ?? (guessed === name ? undefined : guessed);
}

/**
 * The gateway of the platform that this API server belongs to, where its name tells it: `gateway.` for Qualys' own
 * platforms, `qualysgateway.` for private ones; undefined for any other name.
 */
export function gatewayOf(host: string): string | undefined {
  const name = host.toLowerCase();
  const old = Object.entries(OLD_GATEWAYS).find(([, api]) => api === name)?.[0];
  if (old !== undefined) return old;
  if (!name.startsWith('qualysapi.')) return undefined;
  const own = PLATFORM_HOSTS.some((platform) => platform === name);
  return name.replace('qualysapi.', own ? 'gateway.' : 'qualysgateway.');
}
