import type { FindingList } from '../../records/finding-list.ts';
import type { HostList, HostRecord } from '../../records/host-list.ts';
import { comparable, LARGEST_QID, protocolNumber, wholeNumber } from '../../records/written-values.ts';
import { container, type ContainerPlan, type ElementPlan, value } from '../../xml/cutting/element-plan.ts';
import { Remembered } from '../../xml/cutting/remembered.ts';
import { text } from '../../xml/cutting/taking.ts';

/** Which parts of a page are wanted. */
export interface WantedDetections {
  /** Whether the names and operating systems of hosts are. */
  readonly hostDetails: boolean;
  readonly findingTypes: ReadonlySet<string>;
  readonly includeFixed: boolean;
  /** The least Qualys Detection Score; undefined: any. */
  readonly minQds: number | undefined;
}

/** Where the parts of a page go while it is read. */
export interface PageParts {
  readonly findings: FindingList;
  readonly hosts: HostList;
  /** The QIDs of findings that may be sent. */
  readonly qids: Set<number>;
  /** Findings that are left out as their score is too low. */
  belowScore: number;
  /** The host that began last, with its address as far as that came: for the message when it does not end. */
  host: { id: string; address: string } | undefined;
  /** The sign that there are more pages; undefined: there was none. */
  more: PageWarning | undefined;
  /** What else Qualys warns of: the first ones. */
  readonly warnings: PageWarning[];
}

/** A WARNING as Qualys writes it. */
interface PageWarning {
  code: string;
  text: string;
  url: string;
}

/** Warnings of a page that are kept to be told. */
const MOST_WARNINGS = 10;

/** What stands in the RESPONSE of a HOST_LIST_VM_DETECTION_OUTPUT: in any order, and more of it is skipped. */
export function detectionPlan(
  parts: PageParts,
  wanted: WantedDetections,
): Readonly<Record<string, ElementPlan>> {
  return { HOST_LIST: container({ HOST: hostPlan(parts, wanted) }), WARNING: warningPlan(parts) };
}

function warningPlan(parts: PageParts): ContainerPlan {
  const { warnings } = parts;
  let warning: PageWarning = { code: '', text: '', url: '' };
  return container(
    {
      CODE: text((found) => (warning.code = found)),
      TEXT: text((found) => (warning.text = found)),
      URL: text((found) => (warning.url = found)),
    },
    {
      enter: () => {
        warning = { code: '', text: '', url: '' };
      },
      leave: () => {
        if (tellsOfMore(warning)) parts.more ??= warning;
        else if (warnings.length < MOST_WARNINGS) warnings.push(warning);
      },
    },
  );
}

/** By any part of it: a half list that is taken for all of it does more harm than a run that ends. */
function tellsOfMore({ code, text: words, url }: PageWarning): boolean {
  return code === '1980' || /\bid_min=/i.test(url) || /limit exceeded|next batch/i.test(words);
}

type HostInWork = { -readonly [Key in keyof HostRecord]: HostRecord[Key] };

function noHost(): HostInWork {
  return { ip: '', ip6: '', dns: '', netbios: '', operatingSystem: '', error: undefined, findingCount: 0 };
}

function hostPlan(parts: PageParts, wanted: WantedDetections): ContainerPlan {
  const { findings, hosts } = parts;
  let host = noHost();
  let firstFinding = 0;
  const systems = new Remembered((parsed) => known(parsed.text));
  const details = {
    DNS: text((found) => (host.dns = known(found))),
    NETBIOS: text((found) => (host.netbios = known(found))),
    OS: value((bytes, start, end) => (host.operatingSystem = systems.valueOf(bytes, start, end))),
  };
  return container(
    {
      ID: text((found) => {
        if (parts.host) parts.host.id = found;
      }),
      IP: text((found) => {
        host.ip = known(found);
        if (parts.host) parts.host.address = found;
      }),
      IPV6: text((found) => (host.ip6 = known(found))),
      DETECTION_LIST: container({ DETECTION: findingPlan(parts, wanted) }),
      ...(wanted.hostDetails ? details : {}),
    },
    {
      enter: () => {
        host = noHost();
        firstFinding = findings.length;
        parts.host = { id: '', address: '' };
      },
      leave: () => {
        const ip6 = standsIn(host) ? host.ip6 : '';
        hosts.add({ ...host, ip6, findingCount: findings.length - firstFinding });
      },
    },
  );
}

/** Hosts that are known by IPv6 alone have no IPv4 address, or one of the network 0 that Qualys gives them. */
function standsIn({ ip }: HostInWork): boolean {
  return ip === '' || ip.startsWith('0.');
}

/** Live answers have the word null where nothing is known. */
function known(found: string): string {
  return found === 'null' ? '' : found;
}

const TYPES: Readonly<Record<string, string>> = { confirmed: 'vuln', potential: 'practice', info: 'ig' };

/** A report's word for the detection interface's. */
function typeOf(name: string): string {
  const type = comparable(name);
  return TYPES[type] ?? type;
}

/** The hot part: no text is made for a finding whose small elements were seen before. */
function findingPlan(parts: PageParts, wanted: WantedDetections): ContainerPlan {
  const { findings, qids } = parts;
  const { types, statuses } = findings;
  const [noType, noStatus] = [types.code(''), statuses.code('')];
  const found = { qid: 0, port: 0, protocol: 0, type: noType, status: noStatus, severity: 0, score: 0 };
  const sent = new Set([...wanted.findingTypes].map((type) => types.code(type)));
  const fixed = statuses.code('fixed');
  const least = wanted.minQds ?? 0;
  const qidsOf = new Remembered((parsed) => wholeNumber(parsed.text, LARGEST_QID));
  const numbersOf = new Remembered((parsed) => wholeNumber(parsed.text, 65_535));
  const protocols = new Remembered((parsed) => protocolNumber(parsed.text));
  const typeCodes = new Remembered((parsed) => types.code(typeOf(parsed.text)));
  const statusCodes = new Remembered((parsed) => statuses.code(comparable(parsed.text)));
  const severities = new Remembered((parsed) => wholeNumber(parsed.text, 5));
  return container(
    {
      QID: value((bytes, start, end) => (found.qid = qidsOf.valueOf(bytes, start, end))),
      TYPE: value((bytes, start, end) => (found.type = typeCodes.valueOf(bytes, start, end))),
      SEVERITY: value((bytes, start, end) => (found.severity = severities.valueOf(bytes, start, end))),
      PORT: value((bytes, start, end) => (found.port = numbersOf.valueOf(bytes, start, end))),
      PROTOCOL: value((bytes, start, end) => (found.protocol = protocols.valueOf(bytes, start, end))),
      STATUS: value((bytes, start, end) => (found.status = statusCodes.valueOf(bytes, start, end))),
      ...(least > 0
        ? { QDS: value((bytes, start, end) => (found.score = numbersOf.valueOf(bytes, start, end))) }
        : {}),
    },
    {
      enter: () => {
        found.qid = 0;
        found.port = 0;
        found.protocol = 0;
        found.type = noType;
        found.status = noStatus;
        found.severity = 0;
        found.score = 0;
      },
      leave: () => {
        // Qualys has left out what has no score, if that is its way.
        if (found.score > 0 && found.score < least) {
          parts.belowScore++;
          return;
        }
        if (found.qid > 0 && sent.has(found.type) && (wanted.includeFixed || found.status !== fixed)) {
          qids.add(found.qid);
        }
        findings.add(found.qid, found.port, found.protocol, found.type, found.status, found.severity);
      },
    },
  );
}
