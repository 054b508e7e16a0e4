import { container, type ContainerPlan, value } from '../xml/cutting/element-plan.ts';
import type { FindingList } from '../records/finding-list.ts';
import type { HostList, HostRecord } from '../records/host-list.ts';
import type { GlossaryEntry, Wanted } from '../records/records.ts';
import { type ParsedElement, parseElement, textsAt } from '../xml/cutting/parse-element.ts';
import { Remembered } from '../xml/cutting/remembered.ts';
import { element, text } from '../xml/cutting/taking.ts';
import { comparable, LARGEST_QID, protocolNumber, wholeNumber } from '../records/written-values.ts';

/** Where the parts of a report go while it is read. */
export interface ReportParts {
  readonly findings: FindingList;
  readonly hosts: HostList;
  readonly header: { template: string; generated: string };
  /** The text of an ERROR directly under the root. */
  error: string | undefined;
}

/** ASSET_DATA_REPORT as its samples have it; children may come in any order, and anything else among them is skipped. */
export function reportPlan(parts: ReportParts, wanted: Wanted): ContainerPlan {
  const { header } = parts;
  return container({
    HEADER: container({
      TEMPLATE: text((found) => (header.template = found)),
      GENERATION_DATETIME: text((found) => (header.generated = found)),
    }),
    HOST_LIST: container({ HOST: hostPlan(parts, wanted) }),
    GLOSSARY: container({
      VULN_DETAILS_LIST: container({ VULN_DETAILS: glossaryEntryPlan(wanted.glossaryEntry) }),
    }),
    ERROR: element((error) => {
      parts.error = [error.attributes.get('number'), error.text].filter(Boolean).join(' ');
    }),
  });
}

function hostPlan({ findings, hosts }: ReportParts, wanted: Wanted): ContainerPlan {
  let host = noHost();
  let firstFinding = 0;
  const systems = new Remembered((parsed) => parsed.text);
  const details = {
    DNS: text((found) => (host.dns = found)),
    NETBIOS: text((found) => (host.netbios = found)),
    OPERATING_SYSTEM: value((bytes, start, end) => {
      host.operatingSystem = systems.valueOf(bytes, start, end);
    }),
  };
  return container(
    {
      IP: element((ip) => {
        host.ip = ip.text;
        host.ip6 = ip.attributes.get('v6')?.trim() ?? '';
      }),
      ERROR: text((found) => (host.error = found)),
      VULN_INFO_LIST: container({ VULN_INFO: findingPlan(findings) }),
      ...(wanted.hostDetails ? details : {}),
    },
    {
      enter: () => {
        host = noHost();
        firstFinding = findings.length;
      },
      leave: () => {
        hosts.add({ ...host, findingCount: findings.length - firstFinding });
      },
    },
  );
}

type HostInWork = { -readonly [Key in keyof HostRecord]: HostRecord[Key] };

function noHost(): HostInWork {
  return { ip: '', ip6: '', dns: '', netbios: '', operatingSystem: '', error: undefined, findingCount: 0 };
}

/** The hot part: no text is made for a finding whose small elements were seen before. */
function findingPlan(findings: FindingList): ContainerPlan {
  const { types, statuses } = findings;
  const noType = types.code('');
  const noStatus = statuses.code('');
  const found = { qid: 0, port: 0, protocol: 0, type: noType, status: noStatus };
  const qids = new Remembered(qidOf);
  const ports = new Remembered((parsed) => wholeNumber(parsed.text, 65_535));
  const protocols = new Remembered((parsed) => protocolNumber(parsed.text));
  const typeCodes = new Remembered((parsed) => types.code(comparable(parsed.text)));
  const statusCodes = new Remembered((parsed) => statuses.code(comparable(parsed.text)));
  return container(
    {
      QID: value((bytes, start, end) => (found.qid = qids.valueOf(bytes, start, end))),
      TYPE: value((bytes, start, end) => (found.type = typeCodes.valueOf(bytes, start, end))),
      PORT: value((bytes, start, end) => (found.port = ports.valueOf(bytes, start, end))),
      PROTOCOL: value((bytes, start, end) => (found.protocol = protocols.valueOf(bytes, start, end))),
      VULN_STATUS: value((bytes, start, end) => (found.status = statusCodes.valueOf(bytes, start, end))),
    },
    {
      enter: () => {
        found.qid = 0;
        found.port = 0;
        found.protocol = 0;
        found.type = noType;
        found.status = noStatus;
      },
      leave: () => {
        findings.add(found.qid, found.port, found.protocol, found.type, found.status);
      },
    },
  );
}

/** The text, else the attribute `id="qid_N"`; 0 when neither is a number. */
function qidOf(parsed: ParsedElement): number {
  return wholeNumber(parsed.text, LARGEST_QID) || qidOfAttribute(parsed.attributes.get('id'));
}

function qidOfAttribute(id: string | undefined): number {
  return wholeNumber(id?.trim().replace(/^qid_/i, '') ?? '', LARGEST_QID);
}

function glossaryEntryPlan(take: (entry: GlossaryEntry) => void): ContainerPlan {
  let entry = noEntry();
  let idAttribute = 0;
  return container(
    {
      QID: element((parsed) => (entry.qid = qidOf(parsed))),
      TITLE: text((found) => (entry.title = found)),
      SEVERITY: text((found) => (entry.severity = wholeNumber(found, 5) || undefined)),
      THREAT: text((found) => (entry.threat = found)),
      CVE_ID_LIST: element((list) => (entry.cves = textsAt(list.node, ['CVE_ID', 'ID']))),
      BUGTRAQ_ID_LIST: element((list) => (entry.bugtraqs = textsAt(list.node, ['BUGTRAQ_ID', 'ID']))),
    },
    {
      enter: (bytes, start, end) => {
        entry = noEntry();
        // A start tag alone is an element to fast-xml-parser.
        idAttribute = qidOfAttribute(parseElement(bytes, start, end).attributes.get('id'));
      },
      leave: () => {
        take({ ...entry, qid: entry.qid || idAttribute });
      },
    },
  );
}

type EntryInWork = { -readonly [Key in keyof GlossaryEntry]: GlossaryEntry[Key] };

function noEntry(): EntryInWork {
  return { qid: 0, severity: undefined, title: '', threat: '', cves: [], bugtraqs: [] };
}
