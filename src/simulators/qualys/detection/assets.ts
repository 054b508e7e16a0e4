import type { SampleFinding, SampleHost, SampleHosts } from '../../sample-hosts.ts';
import type { SimulatedVersions } from '../versions.ts';
import type { AddressRanges } from './address-ranges.ts';

/** An asset group or a tag: a name for some of the addresses. */
interface SimulatedAssets {
  readonly id: string;
  /** The group's title, the tag's name. */
  readonly name: string;
  readonly addresses: AddressRanges;
}

/** What the Host List Detection interface of the simulated account has. */
export interface SimulatedDetections {
  readonly hosts: SampleHosts;
  /** So many of the first hosts are there twice, as seen by scanner and by agent, half of the findings each; default 0. */
  readonly twins?: number;
  readonly assetGroups?: readonly SimulatedAssets[];
  readonly tags?: readonly SimulatedAssets[];
  /** QIDs that a newer one replaces. */
  readonly superseded?: readonly number[];
  /** Default: 5.0 is served, all others get a page 404. */
  readonly versions?: SimulatedVersions;
  /** A document to answer every call with. */
  readonly document?: string;
}

/** A host as the interface lists it. */
export interface DetectedHost {
  readonly id: number;
  readonly tracking: 'IP' | 'AGENT';
  readonly sample: SampleHost;
  readonly findings: Iterable<SampleFinding>;
  /** In whole days. */
  readonly daysSinceScan: number;
}

const FIRST_ID = 6_500_001;
/** Real ids have gaps. */
const STEP = 7;
/** Twins stand far behind, on another page. */
const FIRST_TWIN = 900_000_001;

/** The hosts with that id or a greater one, by their ids. */
export function* hostsFrom(id: number, { hosts, twins = 0 }: SimulatedDetections): Generator<DetectedHost> {
  for (const sample of hosts.from(indexOf(id, FIRST_ID))) {
    yield detected(sample, FIRST_ID, sample.index < twins ? 0 : undefined);
  }
  for (const sample of hosts.from(indexOf(id, FIRST_TWIN))) {
    if (sample.index >= twins) return;
    yield detected(sample, FIRST_TWIN, 1);
  }
}

function indexOf(id: number, first: number): number {
  return Math.max(0, Math.ceil((id - first) / STEP));
}

/** @param half 0: every other finding from the first one on; 1: the others; undefined: all */
function detected(sample: SampleHost, firstId: number, half: 0 | 1 | undefined): DetectedHost {
  return {
    id: firstId + sample.index * STEP,
    tracking: half === 1 ? 'AGENT' : 'IP',
    sample,
    findings: half === undefined ? sample.findings : everyOther(sample.findings, half),
    daysSinceScan: 1 + (sample.index % 20),
  };
}

function* everyOther(findings: Iterable<SampleFinding>, from: 0 | 1): Generator<SampleFinding> {
  let number = 0;
  for (const finding of findings) if (number++ % 2 === from) yield finding;
}

/** The Qualys Detection Score that the simulator gives: 1 to 100; none for information. */
export function detectionScore({ vulnerability }: SampleFinding): number | undefined {
  return vulnerability.type === 'Ig' ? undefined : vulnerability.severity * 18 + (vulnerability.qid % 10);
}
