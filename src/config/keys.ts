import { addressRanges, backwardRange, qidRanges } from './ranges.ts';
import { servers } from './servers.ts';
import {
  apiVersion,
  domainName,
  FREE_TEXT,
  integer,
  ipv4Ranges,
  listOf,
  matching,
  oneOf,
  path,
  proxyUrl,
  qualysBaseUrl,
  secret,
  size,
  someOf,
  tenths,
  userName,
  type ValueSchema,
  words,
  yesOrNo,
} from './values.ts';
import type { Block } from './yaml-entries.ts';

/** One key of QualysGuard.yaml. Nothing secret is in the rules of the commands, which `-state` writes down. */
export type ConfigKey = KeyForm &
  (
    | {
        /** What its value rules: the commands themselves, so that a new value sends every host again. */
        readonly rules: 'commands';
        readonly secret?: never;
      }
    | {
        /** Or only the run: the way to Qualys, and what is done with the commands. */
        readonly rules: 'run';
        /** Its text is not shown. */
        readonly secret?: true;
      }
  );

interface KeyForm {
  /** The canonical spelling. */
  readonly name: string;
  /** Other spellings that are accepted: the original's own are not known (docs/upgrading.md). */
  readonly aliases: readonly string[];
  /** What stands in the shipped file; empty: no default. */
  readonly default: string;
  /** What may be written, as the error message says it. */
  readonly allowed: string;
  /**
   * Makes the value of a text, which is not empty, and is trimmed unless it is a secret.
   * @param directory the YAML's own
   * @param items where a list of YAML is written
   * @returns undefined where the text does not fit
   */
  readonly read: ((
    text: string,
    directory: string,
    items?: readonly string[],
    blocks?: readonly Block[],
  ) => unknown) & {
    readonly schema?: ValueSchema;
  };
  /** What in particular is wrong with a text that `read` does not take, where that can be told. */
  readonly wrong?: (text: string) => string | undefined;
  /** Several values may be written as a list of YAML too; `read` gets them joined by commas. */
  readonly list?: true;
  /** An item of its list may be keys with values. */
  readonly blocks?: true;
  /** It is a list of words, in which commas are commas. */
  readonly words?: true;
}

const YES_OR_NO = 'y, yes or true, n, no or false';
const ATTRIBUTE = {
  rules: 'commands',
  default: '',
  allowed: 'the name of a host attribute: letters, digits and blanks',
  read: matching(/^[A-Za-z0-9][A-Za-z0-9 ]*$/),
} as const;
function runsBackwards(value: string): string | undefined {
  const range = backwardRange(value);
  return range === undefined ? undefined : `the range ${range} runs backwards`;
}

const QIDS = {
  rules: 'commands',
  default: '',
  allowed: 'a list of QIDs, and of ranges such as 90000-90999',
  read: qidRanges,
  wrong: runsBackwards,
  list: true,
} as const;
const TAGS = {
  rules: 'commands',
  default: '',
  allowed: 'a list of the names of tags, spelled as in Qualys, without commas in a name',
  read: listOf(FREE_TEXT),
  list: true,
} as const;

/** A command, whose words may hold secrets, is not shown. */
const COMMAND = { rules: 'run', default: '', read: words, list: true, words: true, secret: true } as const;
const A_COMMAND =
  'a list of words such as [pass, show, qualys], run without a shell: the first is a program in PATH or its absolute path';

/**
 * The keys of QualysGuard.yaml, each under the program's own name for its value. The type of the configuration, its
 * reader, the shipped file's test and the table in docs/reference.md follow this list.
 */
export const KEYS = {
  userId: {
    name: 'user_id',
    aliases: [
      'userid',
      'username',
      'user',
      'login',
      'user_name',
      'qualys_user',
      'qualys_username',
      'qualys_user_id',
      'qualys_userid',
      'qualys_login',
      'qualysguard_user',
    ],
    rules: 'run',
    default: '',
    allowed: 'the user name of your Qualys account (or the client_id of an OAuth client)',
    read: userName,
  },
  password: {
    name: 'password',
    aliases: ['passwd', 'pass', 'qualys_password', 'qualys_pass', 'qualysguard_password'],
    rules: 'run',
    default: '',
    allowed:
      'the password of your Qualys account, in single quotes (or give password_file or password_command, or set QUALYS_PASSWORD)',
    read: secret,
    secret: true,
  },
  /** Where hosts and findings come from. */
  source: {
    name: 'source',
    aliases: [],
    rules: 'commands',
    default: 'report',
    allowed: "report (of a template) or detection (Qualys' host detections; no template)",
    read: oneOf('report', 'detection'),
  },
  templateId: {
    name: 'template_id',
    aliases: ['templateid', 'report_template_id', 'template', 'report_template', 'template_ids', 'report_id'],
    rules: 'run',
    default: '',
    allowed: 'the number of one report template, e.g. 424242 (several: process-multiple 424242,535353)',
    read: matching(/^[1-9]\d{0,17}$/),
  },
  /** Addresses and ranges, `10.0.0.1-10.0.0.9`. */
  ips: {
    name: 'ips',
    aliases: [],
    rules: 'commands',
    default: '',
    allowed: 'a list of IPv4 addresses, ranges such as 10.0.0.1-10.0.0.9, and networks such as 10.0.0.0/24',
    read: ipv4Ranges,
    list: true,
  },
  assetGroups: {
    name: 'asset_groups',
    aliases: ['asset_group_ids'],
    rules: 'commands',
    default: '',
    allowed:
      'a list of the numbers of asset groups, e.g. 1111,2222 (with source: detection also of their titles)',
    read: listOf(FREE_TEXT),
    list: true,
  },
  tags: { name: 'tags', aliases: [], ...TAGS },
  excludeTags: { name: 'exclude_tags', aliases: [], ...TAGS },
  tagsMatch: {
    name: 'tags_match',
    aliases: [],
    rules: 'commands',
    default: 'any',
    allowed: 'any or all',
    read: oneOf('any', 'all'),
  },
  /** The least Qualys Detection Score of a finding. */
  minQds: {
    name: 'min_qds',
    aliases: ['qds_min'],
    rules: 'commands',
    default: '',
    allowed: 'a Qualys Detection Score from 1 to 100',
    read: integer(1, 100),
  },
  superseded: {
    name: 'superseded',
    aliases: [],
    rules: 'commands',
    default: 'y',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  scannedWithinDays: {
    name: 'scanned_within_days',
    aliases: [],
    rules: 'commands',
    default: '',
    allowed: 'a number of days from 1 to 3650',
    read: integer(1, 3_650),
  },
  /** Hosts of a page. */
  pageSize: {
    name: 'page_size',
    aliases: [],
    rules: 'run',
    default: '1000',
    allowed: 'a number of hosts from 1 to 10000',
    read: integer(1, 10_000),
  },
  /** Seconds without a byte of an answer. */
  responseTimeout: {
    name: 'response_timeout',
    aliases: [],
    rules: 'run',
    default: '600',
    allowed: 'a number of seconds from 1 to 86400',
    read: integer(1, 86_400),
  },
  /** A directory; undefined: the user's own for caches. */
  kbCache: {
    name: 'kb_cache',
    aliases: [],
    rules: 'run',
    default: '',
    allowed: 'the path of a directory',
    read: path,
  },
  kbMaxAgeDays: {
    name: 'kb_max_age_days',
    aliases: [],
    rules: 'run',
    default: '7',
    allowed: 'a number of days from 0 to 365',
    read: integer(0, 365),
  },
  /** The version in `/api/<version>/fo/asset/host/vm/detection/`. */
  detectionApiVersion: {
    name: 'detection_api_version',
    aliases: [],
    rules: 'run',
    default: 'auto',
    allowed: 'auto, or a version such as 5.0',
    read: apiVersion,
  },
  /** The version in `/api/<version>/fo/knowledge_base/vuln/`. */
  kbApiVersion: {
    name: 'kb_api_version',
    aliases: [],
    rules: 'run',
    default: 'auto',
    allowed: 'auto, or a version such as 4.0',
    read: apiVersion,
  },
  passwordFile: {
    name: 'password_file',
    aliases: ['passwordfile'],
    rules: 'run',
    default: '',
    allowed: 'the path of a file whose first line is the password',
    read: path,
  },
  /** What writes the password as the first line of its standard output. */
  passwordCommand: { name: 'password_command', aliases: [], allowed: A_COMMAND, ...COMMAND },
  /** With it the program logs in as an OAuth client, not as a user. */
  clientId: {
    name: 'client_id',
    aliases: ['oauth_client_id'],
    rules: 'run',
    default: '',
    allowed: 'the id of an OAuth client of your Qualys account',
    read: userName,
  },
  clientSecret: {
    name: 'client_secret',
    aliases: ['oauth_client_secret'],
    rules: 'run',
    default: '',
    allowed:
      'the secret of the OAuth client, in single quotes (or give client_secret_file or client_secret_command, or set QUALYS_CLIENT_SECRET)',
    read: secret,
    secret: true,
  },
  clientSecretFile: {
    name: 'client_secret_file',
    aliases: [],
    rules: 'run',
    default: '',
    allowed: 'the path of a file whose first line is the secret of the OAuth client',
    read: path,
  },
  clientSecretCommand: { name: 'client_secret_command', aliases: [], allowed: A_COMMAND, ...COMMAND },
  clientLevel: {
    name: 'client_level',
    aliases: [],
    rules: 'run',
    default: 'user',
    allowed: 'user or subscription',
    read: oneOf('user', 'subscription'),
  },
  /** Base URL without a slash at its end; undefined: derived from that of the API server. */
  gateway: {
    name: 'gateway',
    aliases: ['qualys_gateway', 'gateway_url'],
    rules: 'run',
    default: '',
    allowed: 'the gateway of your Qualys platform: host, host:port or https://host',
    read: qualysBaseUrl,
  },
  /** Base URL without a slash at its end, e.g. `https://qualysapi.qualys.com`. */
  qualysServer: {
    name: 'qualys_server',
    aliases: [
      'server',
      'qualys_url',
      'qualys_host',
      'qualys_api_server',
      'api_server',
      'url',
      'host',
      'api_url',
      'api_host',
      'base_url',
      'server_url',
      'hostname',
      'qualys_api',
      'qualys_api_url',
      'qualys_console',
      'qualysguard_console',
    ],
    rules: 'run',
    default: 'qualysapi.qualys.com',
    allowed: 'the API server of your Qualys platform: host, host:port or https://host',
    read: qualysBaseUrl,
  },
  /** PEM file with additional trusted authorities. */
  qualysCa: {
    name: 'qualys_ca',
    aliases: ['ca_file', 'qualys_ca_file'],
    rules: 'run',
    default: '',
    allowed: 'the path of a PEM file with certificates',
    read: path,
  },
  api: {
    name: 'api',
    aliases: [],
    rules: 'run',
    default: 'v2',
    allowed: 'v2 or v1',
    read: oneOf('v2', 'v1'),
  },
  /** The version in `/api/<version>/fo/report/`; `auto`: one that Qualys serves. */
  apiVersion: {
    name: 'api_version',
    aliases: [],
    rules: 'run',
    default: 'auto',
    allowed: 'auto, or a version such as 3.0',
    read: apiVersion,
  },
  /** Seconds; the longest time between two polls. */
  pollInterval: {
    name: 'poll_interval',
    aliases: [],
    rules: 'run',
    default: '30',
    allowed: 'a number of seconds from 0.1 to 3600',
    read: tenths(0.1, 3600),
  },
  /** Seconds; for the whole way from launch to the last byte of the report. */
  reportTimeout: {
    name: 'report_timeout',
    aliases: ['timeout'],
    rules: 'run',
    default: '3600',
    allowed: 'a number of seconds from 1 to 604800',
    read: integer(1, 604_800),
  },
  /** A finished report of an earlier run, launched no longer ago, is fetched in place of a new one; 0: none is. */
  reuseMinutes: {
    name: 'reuse_minutes',
    aliases: [],
    rules: 'run',
    default: '0',
    allowed: 'a number of minutes from 0 (never) to 10080',
    read: integer(0, 10_080),
  },
  /** Bytes on disk. */
  reportLimit: {
    name: 'report_limit',
    aliases: [],
    rules: 'run',
    default: '20 GB',
    allowed: 'a size such as 500 MB or 20 GB',
    read: size,
  },
  reportDir: {
    name: 'report_dir',
    aliases: ['report_directory'],
    rules: 'run',
    default: '',
    allowed: 'the path of a directory that exists',
    read: path,
  },
  keepReport: {
    name: 'keep_report',
    aliases: ['keep_xml'],
    rules: 'run',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  /** URL; user and password may stand in it or beside it. */
  proxy: {
    name: 'proxy',
    aliases: ['proxy_url', 'proxy_server', 'proxy_host', 'https_proxy', 'http_proxy', 'proxy_address'],
    rules: 'run',
    default: '',
    allowed: 'the address of a web proxy: http://host:port, https://host:port or host:port',
    read: proxyUrl,
    secret: true,
  },
  /** The reader of the file puts it into `proxy`. */
  proxyPort: {
    name: 'proxy_port',
    aliases: ['https_proxy_port', 'http_proxy_port'],
    rules: 'run',
    default: '',
    allowed: 'a port from 1 to 65535',
    read: integer(1, 65_535),
  },
  proxyUser: {
    name: 'proxy_user',
    aliases: [
      'proxy_username',
      'proxy_user_id',
      'proxy_userid',
      'proxy_login',
      'https_proxy_user',
      'https_proxy_username',
      'http_proxy_user',
      'http_proxy_username',
    ],
    rules: 'run',
    default: '',
    allowed: 'the user name for the proxy',
    read: userName,
  },
  proxyPassword: {
    name: 'proxy_password',
    aliases: ['proxy_passwd', 'proxy_pass', 'https_proxy_password', 'http_proxy_password'],
    rules: 'run',
    default: '',
    allowed: 'the password for the proxy, in single quotes',
    read: secret,
    secret: true,
  },
  proxyPasswordCommand: { name: 'proxy_password_command', aliases: [], allowed: A_COMMAND, ...COMMAND },
  /** For the certificate file of the Management Center. */
  pkcs12PasswordCommand: { name: 'pkcs12_password_command', aliases: [], allowed: A_COMMAND, ...COMMAND },
  addHost: {
    name: 'add_host',
    aliases: ['add_hosts', 'addhost'],
    rules: 'commands',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  hostnameAttribute: { name: 'set_hostname_attr', aliases: ['hostname_attr'], ...ATTRIBUTE },
  osAttribute: { name: 'set_os_attr', aliases: ['os_attr'], ...ATTRIBUTE },
  findingTypes: {
    name: 'finding_types',
    aliases: ['finding_type', 'types', 'vuln_type', 'vuln_types', 'vulnerability_types'],
    rules: 'commands',
    default: 'Vuln, Practice',
    allowed: 'a list of Vuln (confirmed), Practice (potential) and Ig (information)',
    read: someOf('vuln', 'practice', 'ig'),
    list: true,
  },
  includeFixed: {
    name: 'include_fixed',
    aliases: [],
    rules: 'commands',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  minSeverity: {
    name: 'min_severity',
    aliases: ['minimum_severity', 'severity'],
    rules: 'commands',
    default: '1',
    allowed: 'a severity from 1 to 5',
    read: integer(1, 5),
  },
  onlyQids: { name: 'only_qids', aliases: [], ...QIDS },
  excludeQids: { name: 'exclude_qids', aliases: [], ...QIDS },
  excludeHosts: {
    name: 'exclude_hosts',
    aliases: ['exclude_ips'],
    rules: 'commands',
    default: '',
    allowed:
      'a list of addresses (IPv4 or IPv6), ranges such as 10.0.0.1-10.0.0.9, and networks such as 10.0.0.0/24',
    read: addressRanges,
    wrong: runsBackwards,
    list: true,
  },
  withCveOnly: {
    name: 'with_cve_only',
    aliases: [],
    rules: 'commands',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  /** Its CVE ids are in `knownExploited`. */
  kevFile: {
    name: 'kev_file',
    aliases: [],
    rules: 'commands',
    default: '',
    allowed:
      "the path of CISA's catalogue of known exploited vulnerabilities (JSON), or of a text of CVE ids, one a line",
    read: path,
  },
  onlyKev: {
    name: 'only_kev',
    aliases: [],
    rules: 'commands',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  descriptionLength: {
    name: 'description_length',
    aliases: [],
    rules: 'commands',
    default: '255',
    allowed: 'a number of characters from 0 (no description) to 65535',
    read: integer(0, 65_535),
  },
  mode: {
    name: 'mode',
    aliases: [],
    rules: 'commands',
    default: 'flush',
    allowed: "flush (a host's new results replace the old ones) or update (they are added)",
    read: oneOf('flush', 'update'),
  },
  clearCleanHosts: {
    name: 'clear_clean_hosts',
    aliases: [],
    rules: 'commands',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  fullEveryDays: {
    name: 'full_every_days',
    aliases: [],
    rules: 'run',
    default: '7',
    allowed: 'a number of days from 1 to 365',
    read: integer(1, 365),
  },
  clearGoneHosts: {
    name: 'clear_gone_hosts',
    aliases: [],
    rules: 'run',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  goneLimit: {
    name: 'gone_limit',
    aliases: [],
    rules: 'run',
    default: '20',
    allowed: 'a percentage from 0 to 100',
    read: integer(0, 100),
  },
  maxReportAge: {
    name: 'max_report_age',
    aliases: [],
    rules: 'run',
    default: '7',
    allowed: 'a number of days from 1 to 365',
    read: integer(1, 365),
  },
  domain: {
    name: 'domain',
    aliases: ['set_domain'],
    rules: 'commands',
    default: '',
    allowed: "a Management Center's domain, printable, without commas and quotes",
    read: domainName,
  },
  sourceType: {
    name: 'source_type',
    aliases: ['set_source_type'],
    rules: 'commands',
    default: 'n',
    allowed: YES_OR_NO,
    read: yesOrNo,
  },
  /** The Management Centers to deliver to where -server is not given, or what is wrong with one of them. */
  servers: {
    name: 'servers',
    aliases: ['management_centers'],
    rules: 'run',
    default: '',
    allowed:
      'a list of Management Centers, each an address, or address, port, pkcs12, password_file, fingerprint, domain',
    read: servers,
    list: true,
    blocks: true,
  },
  /** What tells somebody of a run that failed. */
  onFailure: { name: 'on_failure', aliases: [], allowed: A_COMMAND, ...COMMAND },
} as const satisfies Readonly<Record<string, ConfigKey>>;

/** The program's name of a key. */
export type KeyName = keyof typeof KEYS;

type Read<Name extends KeyName> = Exclude<ReturnType<(typeof KEYS)[Name]['read']>, undefined>;

/** InputPlugins/QualysGuard.yaml, read: the value of each key; undefined where a key has none and no default. */
export type KeyValues = {
  readonly [Name in KeyName]: Read<Name> | ((typeof KEYS)[Name]['default'] extends '' ? undefined : never);
};

/** Every key with its name, in the order of the file. */
export const NAMED_KEYS = Object.entries(KEYS) as readonly (readonly [KeyName, ConfigKey])[];

type Commands = {
  readonly [Name in KeyName]: (typeof KEYS)[Name] extends { readonly words: true } ? Name : never;
};

/** The keys whose value is a command. */
export const COMMANDS = NAMED_KEYS.flatMap(([name, { words }]) => (words ? [name as Commands[KeyName]] : []));

/** What may be written, and what holds without. */
export function describeKey({ allowed, default: initial }: ConfigKey): string {
  return initial === '' ? allowed : `${allowed} (default: ${initial})`;
}

/** What holds where a file says nothing. */
export const DEFAULTS = Object.fromEntries(
  NAMED_KEYS.map(([name, key]) => [name, key.default === '' ? undefined : key.read(key.default, '')]),
) as KeyValues;
