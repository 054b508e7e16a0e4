/**
 * The keys of QualysGuard.yaml. The reader, the shipped file's test and the README's table follow this list.
 */
export interface ConfigKey {
  /** The canonical spelling. */
  readonly name: string;
  /** Other spellings that are accepted: the original's own are not known (README, upgrading). */
  readonly aliases: readonly string[];
  /** What stands in the shipped file; empty: no default. */
  readonly default: string;
  /** What may be written, as the error message says it. */
  readonly allowed: string;
  /** True for values that fit. Values arrive trimmed; the empty value never arrives here. */
  readonly fits: (value: string) => boolean;
  readonly secret?: true;
}

const YES_OR_NO = 'y, yes or true, n, no or false';
const NO_LINE_BREAK = /^[^\p{Cc}]+$/u;

export const CONFIG_KEYS = [
  {
    name: 'user_id',
    aliases: ['userid', 'username', 'user', 'login'],
    default: '',
    allowed: 'the user name of your Qualys account',
    fits: (value) => NO_LINE_BREAK.test(value) && !value.includes(':'),
  },
  {
    name: 'password',
    aliases: ['passwd', 'pass'],
    default: '',
    allowed:
      'the password of your Qualys account, in single quotes (or name a file with password_file, or set QUALYS_PASSWORD)',
    fits: (value) => NO_LINE_BREAK.test(value),
    secret: true,
  },
  {
    name: 'password_file',
    aliases: ['passwordfile'],
    default: '',
    allowed: 'the path of a file whose first line is the password',
    fits: isPath,
  },
  {
    name: 'template_id',
    aliases: ['templateid', 'report_template_id', 'template'],
    default: '',
    allowed: 'the number of one report template, e.g. 424242 (several: process-multiple 424242,535353)',
    fits: (value) => /^[1-9]\d{0,17}$/.test(value),
  },
  {
    name: 'qualys_server',
    aliases: ['server', 'qualys_url', 'qualys_host', 'qualys_api_server', 'api_server', 'url', 'host'],
    default: 'qualysapi.qualys.com',
    allowed: 'the API server of your Qualys platform: host, host:port or https://host',
    fits: (value) => qualysBaseUrl(value) !== undefined,
  },
  {
    name: 'qualys_ca',
    aliases: ['ca_file', 'qualys_ca_file'],
    default: '',
    allowed: 'the path of a PEM file with certificates',
    fits: isPath,
  },
  { name: 'api', aliases: [], default: 'v2', allowed: 'v2 or v1', fits: (value) => /^v[12]$/i.test(value) },
  {
    name: 'api_version',
    aliases: [],
    default: '2.0',
    allowed: 'a version such as 2.0',
    fits: (value) => /^\d{1,3}\.\d{1,3}$/.test(value),
  },
  {
    name: 'poll_interval',
    aliases: [],
    default: '30',
    allowed: 'a number of seconds from 1 to 3600',
    fits: integerBetween(1, 3600),
  },
  {
    name: 'report_timeout',
    aliases: ['timeout'],
    default: '3600',
    allowed: 'a number of seconds from 1 to 604800',
    fits: integerBetween(1, 604_800),
  },
  {
    name: 'report_dir',
    aliases: ['report_directory'],
    default: '',
    allowed: 'the path of a directory that exists',
    fits: isPath,
  },
  { name: 'keep_report', aliases: ['keep_xml'], default: 'n', allowed: YES_OR_NO, fits: isYesOrNo },
  {
    name: 'proxy',
    aliases: ['proxy_url', 'proxy_server', 'proxy_host', 'https_proxy', 'http_proxy'],
    default: '',
    allowed: 'the address of a web proxy: http://host:port, https://host:port or host:port',
    fits: (value) => proxyUrl(value) !== undefined,
    secret: true,
  },
  {
    name: 'proxy_port',
    aliases: [],
    default: '',
    allowed: 'a port from 1 to 65535',
    fits: integerBetween(1, 65_535),
  },
  {
    name: 'proxy_user',
    aliases: ['proxy_username', 'proxy_user_id', 'proxy_userid'],
    default: '',
    allowed: 'the user name for the proxy',
    fits: (value) => NO_LINE_BREAK.test(value) && !value.includes(':'),
  },
  {
    name: 'proxy_password',
    aliases: ['proxy_passwd', 'proxy_pass'],
    default: '',
    allowed: 'the password for the proxy, in single quotes',
    fits: (value) => NO_LINE_BREAK.test(value),
    secret: true,
  },
  { name: 'add_host', aliases: ['add_hosts'], default: 'n', allowed: YES_OR_NO, fits: isYesOrNo },
  {
    name: 'set_hostname_attr',
    aliases: ['hostname_attr'],
    default: '',
    allowed: 'the name of a host attribute: letters, digits and blanks',
    fits: isAttributeName,
  },
  {
    name: 'set_os_attr',
    aliases: ['os_attr'],
    default: '',
    allowed: 'the name of a host attribute: letters, digits and blanks',
    fits: isAttributeName,
  },
  {
    name: 'finding_types',
    aliases: ['finding_type', 'types'],
    default: 'Vuln, Practice',
    allowed: 'a list of Vuln (confirmed), Practice (potential) and Ig (information)',
    fits: (value) =>
      words(value).length > 0 && words(value).every((word) => /^(vuln|practice|ig)$/.test(word)),
  },
  {
    name: 'include_fixed',
    aliases: [],
    default: 'n',
    allowed: YES_OR_NO,
    fits: isYesOrNo,
  },
  {
    name: 'min_severity',
    aliases: ['minimum_severity', 'severity'],
    default: '1',
    allowed: 'a severity from 1 to 5',
    fits: integerBetween(1, 5),
  },
  {
    name: 'description_length',
    aliases: [],
    default: '255',
    allowed: 'a number of characters from 0 (no description) to 65535',
    fits: integerBetween(0, 65_535),
  },
  {
    name: 'mode',
    aliases: [],
    default: 'flush',
    allowed: "flush (a host's new results replace the old ones) or update (they are added)",
    fits: (value) => /^(flush|update)$/i.test(value),
  },
  { name: 'clear_clean_hosts', aliases: [], default: 'n', allowed: YES_OR_NO, fits: isYesOrNo },
  {
    name: 'domain',
    aliases: ['set_domain'],
    default: '',
    allowed: "a Management Center's domain, printable, without commas and quotes",
    fits: (value) => /^[\x20-\x7e]+$/.test(value) && !/[",]/.test(value),
  },
  {
    name: 'source_type',
    aliases: ['set_source_type'],
    default: 'n',
    allowed: YES_OR_NO,
    fits: isYesOrNo,
  },
] as const satisfies readonly ConfigKey[];

export type ConfigKeyName = (typeof CONFIG_KEYS)[number]['name'];

/** y, ye, yes, t, … true in any case, as the original reads them (its sibling plugin matches prefixes). */
export function isYes(value: string): boolean {
  return isPrefixOf(value, 'yes') || isPrefixOf(value, 'true');
}

function isYesOrNo(value: string): boolean {
  return isYes(value) || isPrefixOf(value, 'no') || isPrefixOf(value, 'false');
}

function isPrefixOf(value: string, word: string): boolean {
  return value !== '' && word.startsWith(value.toLowerCase());
}

function isPath(value: string): boolean {
  return NO_LINE_BREAK.test(value);
}

function isAttributeName(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ]*$/.test(value);
}

function integerBetween(lowest: number, highest: number): (value: string) => boolean {
  return (value) => /^\d{1,9}$/.test(value) && Number(value) >= lowest && Number(value) <= highest;
}

/** The lower-case words of a list, however it is separated; hyphens do not count. */
export function words(value: string): string[] {
  return value
    .toLowerCase()
    .replaceAll('-', '')
    .split(/[\s,;]+/)
    .filter(Boolean);
}

/** `https://host[:port]` of a host, host:port or URL; undefined where it is none. Plain http only on loopback. */
export function qualysBaseUrl(value: string): string | undefined {
  const url = toUrl(value, 'https');
  if (!url || url.username || url.password || url.pathname !== '/' || url.search || url.hash)
    return undefined;
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url.origin : undefined;
}

/** The proxy's URL; without a scheme it is http, as for every other program. */
export function proxyUrl(value: string): string | undefined {
  const url = toUrl(value, 'http');
  return url && /^https?:$/.test(url.protocol) && url.pathname === '/'
    ? url.href.replace(/\/$/, '')
    : undefined;
}

function toUrl(value: string, scheme: string): URL | undefined {
  const text = value.includes('://') ? value : `${scheme}://${value}`;
  if (/[\s\\]/.test(text)) return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}
