import { cdata } from '../markup.ts';
import { SAMPLE_VULNERABILITIES, type SampleVulnerability } from '../sample-vulnerabilities.ts';
import { NumberRanges, NUMBER_RANGES } from './detection/number-ranges.ts';
import { DECLARATION, now } from './documents.ts';
import { codeReply, type Reply } from './reply.ts';
import { type SimulatedVersions, wrongVersion } from './versions.ts';

/** What the KnowledgeBase of the simulated platform has. */
export interface SimulatedKnowledgeBase {
  /** Default: what the samples are made of. */
  readonly vulnerabilities?: readonly SampleVulnerability[];
  /** QIDs that it does not know, or no longer. */
  readonly unknown?: readonly number[];
  /** QIDs that it takes for no value of `ids`. */
  readonly refused?: readonly number[];
  /** How many ids a call may name; default 350. */
  readonly mostIds?: number;
  /** Default: 4.0 is served, all others get a page 404. */
  readonly versions?: SimulatedVersions;
  /** A document to answer every call with. */
  readonly document?: string;
}

export const KNOWLEDGE_BASE_PATH = /^\/api\/\d+\.\d+\/fo\/knowledge_base\/vuln\/?$/;

const FORMS: Readonly<Record<string, RegExp>> = {
  action: /^list$/,
  details: /^(?:Basic|All|None)$/,
  ids: NUMBER_RANGES,
  echo_request: /^[01]$/,
};

type Parameters = ReadonlyMap<string, string>;

/** Answers a call of the KnowledgeBase. What it does not know it leaves out. */
export function answerKnowledgeBaseCall(
  method: string,
  path: string,
  parameters: Parameters,
  knowledge: SimulatedKnowledgeBase,
): Reply {
  const gone = wrongVersion(path, knowledge.versions ?? { served: ['4.0'], gone: 'page 404' });
  if (gone) return gone;
  if (method !== 'POST') {
    return codeReply(400, 1908, 'Request method (GET or POST) is incompatible: use POST');
  }
  const unknown = [...parameters.keys()].filter((name) => FORMS[name] === undefined);
  if (unknown.length > 0) return codeReply(400, 1901, `Unrecognized parameter(s): ${unknown.join(', ')}`);
  if (!parameters.has('action')) return codeReply(400, 1903, 'Missing required parameter(s): action');
  const wrong = [...parameters].find(([name, value]) => FORMS[name]?.test(value) === false);
  if (wrong) return codeReply(400, 1905, `parameter ${wrong[0]} has invalid value: ${wrong[1]}`);
  const { mostIds = 350, document } = knowledge;
  if (idsOf(parameters) > mostIds) {
    return codeReply(400, 1905, `parameter ids has invalid value: more than ${mostIds} ids`);
  }
  const refused = knowledge.refused?.find((qid) => names(parameters, qid));
  if (refused !== undefined) return codeReply(400, 1905, `parameter ids has invalid value: ${refused}`);
  const chunks = (): Iterable<string> =>
    document === undefined ? entries(parameters, knowledge) : [document];
  return { status: 200, type: 'text/xml;charset=UTF-8', body: { chunks } };
}

function names(parameters: Parameters, qid: number): boolean {
  const ids = parameters.get('ids');
  return ids !== undefined && new NumberRanges(ids).has(qid);
}

/** How many QIDs the call names. */
export function idsOf(parameters: Parameters): number {
  const ids = parameters.get('ids');
  return ids === undefined ? 0 : new NumberRanges(ids).size;
}

function* entries(parameters: Parameters, knowledge: SimulatedKnowledgeBase): Generator<string> {
  const { vulnerabilities = SAMPLE_VULNERABILITIES, unknown = [] } = knowledge;
  const ids = parameters.get('ids');
  const asked = ids === undefined ? undefined : new NumberRanges(ids);
  const details = parameters.get('details') ?? 'Basic';
  yield `${DECLARATION}<!DOCTYPE KNOWLEDGE_BASE_VULN_LIST_OUTPUT SYSTEM "https://localhost/api/4.0/fo/knowledge_base/vuln/knowledge_base_vuln_list_output.dtd">
<KNOWLEDGE_BASE_VULN_LIST_OUTPUT>
  <RESPONSE>
    <DATETIME>${now()}</DATETIME>
<!-- keep-alive for KNOWLEDGE_BASE_VULN_LIST_OUTPUT  -->
`;
  const known = vulnerabilities.filter(({ qid }) => asked?.has(qid) !== false && !unknown.includes(qid));
  if (known.length > 0) yield '    <VULN_LIST>\n';
  for (const vulnerability of known) yield entry(vulnerability, details);
  if (known.length > 0) yield '    </VULN_LIST>\n';
  yield '  </RESPONSE>\n</KNOWLEDGE_BASE_VULN_LIST_OUTPUT>\n';
}

const TYPES = {
  Vuln: 'Vulnerability',
  Practice: 'Potential Vulnerability',
  Ig: 'Information Gathered',
} as const;

function entry(vulnerability: SampleVulnerability, details: string): string {
  const { qid, type, severity, title, category, threat, cves, bugtraqs } = vulnerability;
  const lines = [
    '      <VULN>',
    `        <QID>${qid}</QID>`,
    ...(details === 'None'
      ? []
      : [
          `        <VULN_TYPE>${TYPES[type]}</VULN_TYPE>`,
          `        <SEVERITY_LEVEL>${severity}</SEVERITY_LEVEL>`,
          `        <TITLE>${cdata(title)}</TITLE>`,
          `        <CATEGORY>${category}</CATEGORY>`,
          '        <LAST_SERVICE_MODIFICATION_DATETIME>2025-11-03T12:00:00Z</LAST_SERVICE_MODIFICATION_DATETIME>',
          '        <PUBLISHED_DATETIME>2015-11-03T12:00:00Z</PUBLISHED_DATETIME>',
        ]),
    ...(details === 'All'
      ? [
          ...references('BUGTRAQ', bugtraqs, 'https://bugtraq.example.com/bid/'),
          '        <PATCHABLE>1</PATCHABLE>',
          ...references('CVE', cves, 'https://cve.example.com/'),
          `        <DIAGNOSIS>${cdata(threat)}</DIAGNOSIS>`,
          `        <CONSEQUENCE>${cdata('Somebody who knows of it may do what only the owner of the host should.<P>')}</CONSEQUENCE>`,
          `        <SOLUTION>${cdata('Install what the maker offers, or close the service to strangers.')}</SOLUTION>`,
        ]
      : []),
    '      </VULN>',
  ];
  return `${lines.join('\n')}\n`;
}

function references(kind: 'CVE' | 'BUGTRAQ', ids: readonly (string | number)[], url: string): string[] {
  if (ids.length === 0) return [];
  const items = ids.map(
    (id) => `<${kind}><ID>${cdata(String(id))}</ID><URL>${cdata(`${url}${id}`)}</URL></${kind}>`,
  );
  return [`        <${kind}_LIST>${items.join('')}</${kind}_LIST>`];
}
