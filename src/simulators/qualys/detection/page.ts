import { cdata, timestamp } from '../../markup.ts';
import type { SampleFinding } from '../../sample-hosts.ts';
import { DECLARATION, now } from '../documents.ts';
import type { FaultKind } from '../faults.ts';
import { type DetectedHost, detectionScore, type SimulatedDetections } from './assets.ts';
import { findingFilter, hostsInScope, pageLimit } from './request.ts';

type Parameters = ReadonlyMap<string, string>;

/** A call for a page, with what is to be wrong with the page. */
export interface PageCall {
  readonly path: string;
  readonly parameters: Parameters;
  readonly fault: FaultKind | undefined;
}

/** One page of the detections, host by host. Hosts count towards its limit, listed or not: without findings they are not. */
export function* detectionPage(call: PageCall, detections: SimulatedDetections): Generator<string> {
  yield `${DECLARATION}<!DOCTYPE HOST_LIST_VM_DETECTION_OUTPUT SYSTEM "https://localhost/api/5.0/fo/asset/host/vm/detection/dtd/output.dtd">
<!-- This report was generated with an evaluation version of Qualys //-->
<HOST_LIST_VM_DETECTION_OUTPUT>
  <RESPONSE>
    <DATETIME>${now()}</DATETIME>
`;
  if (call.fault === 'warning first') yield warning(call, nextId(call.parameters, detections));
  const next = yield* hostList(call, detections);
  if (call.fault !== 'warning first') yield warning(call, next);
  yield '  </RESPONSE>\n</HOST_LIST_VM_DETECTION_OUTPUT>\n';
}

/** The id of the first host beyond the page; undefined for the last page. */
function nextId(parameters: Parameters, detections: SimulatedDetections): number | undefined {
  let hosts = 0;
  for (const { id } of hostsInScope(parameters, detections)) if (hosts++ === pageLimit(parameters)) return id;
  return undefined;
}

/** Writes the hosts, and returns the id of the first host beyond them. */
function* hostList(
  { parameters, fault }: PageCall,
  detections: SimulatedDetections,
): Generator<string, number | undefined> {
  const write = new HostWriter(parameters, detections, fault);
  const limit = pageLimit(parameters) || Infinity;
  let hosts = 0;
  let listed = 0;
  for (const host of hostsInScope(parameters, detections)) {
    if (hosts++ === limit) {
      if (listed > 0) yield '    </HOST_LIST>\n';
      return host.id;
    }
    const element = write.host(host);
    if (element === undefined) continue;
    if (listed === 0) yield '    <HOST_LIST>\n';
    else if (fault === 'two host lists') yield '    </HOST_LIST>\n    <HOST_LIST>\n';
    listed++;
    yield element;
    if (fault === 'malformed page') yield '      <HOST><ID>1</ID></HOTS>\n';
  }
  if (listed > 0) yield '    </HOST_LIST>\n';
  return undefined;
}

/** The sign that there is a next page. Its URL names a host that is not to be asked. */
function warning({ path, parameters, fault }: PageCall, next: number | undefined): string {
  if (next === undefined && fault !== 'id_min again') return '';
  const query = new URLSearchParams([...parameters]);
  query.set('id_min', String(fault === 'id_min again' ? (parameters.get('id_min') ?? 0) : next));
  if (fault === 'id_min missing') query.delete('id_min');
  return `    <WARNING>
      <CODE>1980</CODE>
      <TEXT>${pageLimit(parameters)} record limit exceeded. Use URL to get next batch of results.</TEXT>
      <URL>${cdata(`https://qualysapi.elsewhere.invalid${path}?${query.toString()}`)}</URL>
    </WARNING>
`;
}

const TYPES = { Vuln: 'Confirmed', Practice: 'Potential', Ig: 'Info' } as const;

/** Writes hosts with the findings that the call asks for. */
class HostWriter {
  readonly #wants: (finding: SampleFinding) => boolean;
  readonly #results: boolean;
  readonly #scores: boolean;
  readonly #fault: FaultKind | undefined;

  constructor(parameters: Parameters, detections: SimulatedDetections, fault: FaultKind | undefined) {
    this.#wants = findingFilter(parameters, detections);
    this.#results = parameters.get('show_results') !== '0';
    this.#scores = parameters.get('show_qds') === '1';
    this.#fault = fault;
  }

  /** Undefined for a host of whose findings none is asked for. */
  host({ id, tracking, sample, findings, daysSinceScan }: DetectedHost): string | undefined {
    let list = '';
    for (const finding of findings) if (this.#wants(finding)) list += this.#detection(finding, id);
    if (list === '') return undefined;
    const scanned = timestamp(new Date(Date.now() - daysSinceScan * 86_400_000));
    return this.#element('      ', 'HOST', [
      `<ID>${id}</ID>`,
      `<IP>${sample.address}</IP>`,
      `<TRACKING_METHOD>${tracking}</TRACKING_METHOD>`,
      `<NETWORK_ID>0</NETWORK_ID>`,
      `<OS>${cdata(sample.operatingSystem)}</OS>`,
      `<DNS>${cdata(sample.dns)}</DNS>`,
      ...this.#text('NETBIOS', sample.netbios),
      `<LAST_SCAN_DATETIME>${scanned}</LAST_SCAN_DATETIME>`,
      `<LAST_VM_SCANNED_DATE>${scanned}</LAST_VM_SCANNED_DATE>`,
      `<DETECTION_LIST>\n${list}        </DETECTION_LIST>`,
    ]);
  }

  #detection(finding: SampleFinding, host: number): string {
    const { vulnerability, port, result, status } = finding;
    const score = this.#scores ? detectionScore(finding) : undefined;
    return this.#element('          ', 'DETECTION', [
      `<UNIQUE_VULN_ID>${host}${vulnerability.qid}</UNIQUE_VULN_ID>`,
      `<QID>${vulnerability.qid}</QID>`,
      `<TYPE>${TYPES[vulnerability.type]}</TYPE>`,
      `<SEVERITY>${vulnerability.severity}</SEVERITY>`,
      ...this.#text('PORT', port && String(port.port)),
      ...this.#text('PROTOCOL', port?.protocol),
      `<SSL>${port?.ssl === true ? 1 : 0}</SSL>`,
      ...(this.#results ? this.#text('RESULTS', result) : []),
      ...(status === undefined ? [] : [`<STATUS>${status}</STATUS>`]),
      `<FIRST_FOUND_DATETIME>${timestamp(finding.firstFound)}</FIRST_FOUND_DATETIME>`,
      `<LAST_FOUND_DATETIME>${timestamp(finding.lastFound)}</LAST_FOUND_DATETIME>`,
      ...(score === undefined ? [] : [`<QDS severity="${severityOf(score)}">${score}</QDS>`]),
      `<TIMES_FOUND>${finding.timesFound}</TIMES_FOUND>`,
      `<IS_IGNORED>0</IS_IGNORED>`,
      `<IS_DISABLED>0</IS_DISABLED>`,
    ]);
  }

  /** What there is none of is left out; some accounts get the word null. */
  #text(name: string, text: string | undefined): string[] {
    if (text !== undefined) return [`<${name}>${/^\w+$/.test(text) ? text : cdata(text)}</${name}>`];
    return this.#fault === 'null texts' ? [`<${name}>null</${name}>`] : [];
  }

  #element(indent: string, name: string, children: readonly string[]): string {
    const inOrder =
      this.#fault === 'another order' ? [...children, '<NEWS><OF>tomorrow</OF></NEWS>'].reverse() : children;
    return `${indent}<${name}>\n${inOrder.map((child) => `${indent}  ${child}\n`).join('')}${indent}</${name}>\n`;
  }
}

/** As Qualys names the ranges of its score. */
function severityOf(score: number): string {
  if (score >= 90) return 'CRITICAL';
  if (score >= 70) return 'HIGH';
  return score >= 40 ? 'MEDIUM' : 'LOW';
}
