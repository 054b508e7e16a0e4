import type { SampleFinding } from '../../sample-hosts.ts';
import { codeReply, type Reply } from '../reply.ts';
import { AddressRanges, isAddressRange } from './address-ranges.ts';
import { type DetectedHost, detectionScore, hostsFrom, type SimulatedDetections } from './assets.ts';
import { NumberRanges, NUMBER_RANGES } from './number-ranges.ts';
import { BY_TAG } from '../scope.ts';

type Parameters = ReadonlyMap<string, string>;

const YES_NO = /^[01]$/;
const NUMBER = /^\d{1,12}$/;
const NAMES = /^[^,]+(?:,[^,]+)*$/;

/** The parameters that this Qualys knows, with the form of their values. */
const FORMS: Readonly<Record<string, RegExp>> = {
  action: /^list$/,
  output_format: /^XML$/,
  echo_request: YES_NO,
  truncation_limit: /^\d{1,7}$/,
  id_min: NUMBER,
  id_max: NUMBER,
  ids: NUMBER_RANGES,
  ips: /./,
  ag_ids: /^\d+(?:,\d+)*$/,
  ag_titles: NAMES,
  use_tags: YES_NO,
  tag_set_by: /^(?:id|name)$/,
  tag_include_selector: /^(?:any|all)$/,
  tag_exclude_selector: /^(?:any|all)$/,
  tag_set_include: NAMES,
  tag_set_exclude: NAMES,
  severities: /^[1-5](?:-[1-5])?(?:,[1-5](?:-[1-5])?)*$/,
  status: /^(?:New|Active|Re-Opened|Fixed)(?:,(?:New|Active|Re-Opened|Fixed))*$/,
  include_vuln_type: /^(?:confirmed|potential)$/,
  qids: NUMBER_RANGES,
  show_igs: YES_NO,
  show_results: YES_NO,
  show_qds: YES_NO,
  show_qds_factors: YES_NO,
  qds_min: /^(?:\d|[1-9]\d|100)$/,
  qds_max: /^(?:\d|[1-9]\d|100)$/,
  filter_superseded_qids: YES_NO,
  max_days_since_last_vm_scan: /^[1-9]\d{0,4}$/,
  // Nothing of the samples is ignored, disabled, or hangs on a kernel.
  include_ignored: YES_NO,
  include_disabled: YES_NO,
  arf_kernel_filter: /^[0-4]$/,
  arf_service_filter: /^[0-4]$/,
  arf_config_filter: /^[0-4]$/,
};

/** The refusal of the call's parameters, in the words of the guide's appendix on errors; undefined for good ones. */
export function wrongParameters(parameters: Parameters, detections: SimulatedDetections): Reply | undefined {
  return wrongForm(parameters) ?? wrongTogether(parameters) ?? wrongName(parameters, detections);
}

function wrongForm(parameters: Parameters): Reply | undefined {
  const unknown = [...parameters.keys()].filter((name) => FORMS[name] === undefined);
  if (unknown.length > 0) return codeReply(400, 1901, `Unrecognized parameter(s): ${unknown.join(', ')}`);
  if (!parameters.has('action')) return codeReply(400, 1903, 'Missing required parameter(s): action');
  const wrong = [...parameters].find(([name, value]) => FORMS[name]?.test(value) === false);
  if (wrong) return invalid(...wrong);
  const noRange = parameters
    .get('ips')
    ?.split(',')
    .find((item) => !isAddressRange(item));
  return noRange === undefined
    ? undefined
    : invalid('ips', `${noRange} (neither an IP nor a range: ${noRange})`);
}

function wrongTogether(parameters: Parameters): Reply | undefined {
  const byTags = parameters.get('use_tags') === '1';
  const without = byTags ? ['ag_ids', 'ag_titles'] : BY_TAG;
  const misplaced = without.filter((name) => parameters.has(name));
  if (misplaced.length > 0) return unsupported([`use_tags=${byTags ? 1 : 0}`, ...misplaced]);
  if (parameters.has('ag_ids') && parameters.has('ag_titles')) return unsupported(['ag_ids', 'ag_titles']);
  if (byTags && !parameters.has('tag_set_include')) {
    return codeReply(400, 1903, 'Missing required parameter(s): tag_set_include');
  }
  const byScore = ['qds_min', 'qds_max', 'show_qds_factors'].filter((name) => parameters.has(name));
  return byScore.length > 0 && parameters.get('show_qds') !== '1'
    ? unsupported(['show_qds=0', ...byScore])
    : undefined;
}

function wrongName(
  parameters: Parameters,
  { assetGroups = [], tags = [] }: SimulatedDetections,
): Reply | undefined {
  const tagsBy = parameters.get('tag_set_by') === 'name' ? 'name' : 'id';
  const sets = [
    ['ag_ids', assetGroups.map(({ id }) => id), 'asset group'],
    ['ag_titles', assetGroups.map(({ name }) => name), 'asset group'],
    ['tag_set_include', tags.map((tag) => tag[tagsBy]), 'tag'],
    ['tag_set_exclude', tags.map((tag) => tag[tagsBy]), 'tag'],
  ] as const;
  for (const [name, known, what] of sets) {
    const wrong = listed(parameters, name)?.find((item) => !known.includes(item));
    if (wrong !== undefined) return invalid(name, `${wrong} (no such ${what}: ${wrong})`);
  }
  return undefined;
}

function invalid(name: string, value: string): Reply {
  return codeReply(400, 1905, `parameter ${name} has invalid value: ${value}`);
}

function unsupported(pairs: readonly string[]): Reply {
  return codeReply(
    400,
    1907,
    `The following combination of key=value pairs is not supported: ${pairs.join(', ')}`,
  );
}

function listed(parameters: Parameters, name: string): string[] | undefined {
  return parameters.get(name)?.split(',');
}

/** Hosts of a page; 0: all. */
export function pageLimit(parameters: Parameters): number {
  return Number(parameters.get('truncation_limit') ?? 1000);
}

/** The hosts in the call's scope, from its id_min on, of as many pages as there are. */
export function* hostsInScope(
  parameters: Parameters,
  detections: SimulatedDetections,
): Generator<DetectedHost> {
  const idMax = Number(parameters.get('id_max') ?? Infinity);
  const days = Number(parameters.get('max_days_since_last_vm_scan') ?? Infinity);
  const ids = numbersOf(parameters, 'ids');
  const inAssets = assetFilter(parameters, detections);
  for (const host of hostsFrom(Number(parameters.get('id_min') ?? 0), detections)) {
    if (host.id > idMax) return;
    if (host.daysSinceScan <= days && ids?.has(host.id) !== false && inAssets(host.sample.address)) {
      yield host;
    }
  }
}

/** Qualys takes addresses together with asset groups: the hosts of either. */
function assetFilter(
  parameters: Parameters,
  { assetGroups = [], tags = [] }: SimulatedDetections,
): (address: string) => boolean {
  const ips = parameters.get('ips');
  const ids = listed(parameters, 'ag_ids');
  const titles = listed(parameters, 'ag_titles');
  const groups = assetGroups.filter(({ id, name }) => ids?.includes(id) ?? titles?.includes(name) ?? false);
  const either = [
    ...(ips === undefined ? [] : [new AddressRanges(ips)]),
    ...groups.map(({ addresses }) => addresses),
  ];
  const tagsBy = parameters.get('tag_set_by') === 'name' ? 'name' : 'id';
  const tagged = (name: string): AddressRanges[] =>
    (listed(parameters, name) ?? []).flatMap(
      (wanted) => tags.find((tag) => tag[tagsBy] === wanted)?.addresses ?? [],
    );
  const [included, excluded] = [tagged('tag_set_include'), tagged('tag_set_exclude')];
  const includes = chosen(included, parameters.get('tag_include_selector'));
  const excludes = chosen(excluded, parameters.get('tag_exclude_selector'));
  return (address) =>
    (either.length === 0 || either.some((ranges) => ranges.has(address))) &&
    (included.length === 0 || includes(address)) &&
    (excluded.length === 0 || !excludes(address));
}

function chosen(sets: readonly AddressRanges[], selector = 'any'): (address: string) => boolean {
  return (address) =>
    selector === 'all' ? sets.every((set) => set.has(address)) : sets.some((set) => set.has(address));
}

/** Which findings the call asks for. */
export function findingFilter(
  parameters: Parameters,
  { superseded = [] }: SimulatedDetections,
): (finding: SampleFinding) => boolean {
  const statuses: readonly string[] = listed(parameters, 'status') ?? ['New', 'Active', 'Re-Opened'];
  const type = parameters.get('include_vuln_type');
  const severities = numbersOf(parameters, 'severities');
  const qids = numbersOf(parameters, 'qids');
  const lowest = Number(parameters.get('qds_min') ?? 0);
  const highest = Number(parameters.get('qds_max') ?? 100);
  const information = parameters.get('show_igs') === '1';
  const current = parameters.get('filter_superseded_qids') === '1' ? superseded : [];
  return (finding) => {
    const { vulnerability, status } = finding;
    if (severities?.has(vulnerability.severity) === false || qids?.has(vulnerability.qid) === false) {
      return false;
    }
    if (vulnerability.type === 'Ig') return information;
    const score = detectionScore(finding) ?? 0;
    return (
      statuses.includes(status ?? '') &&
      (type === undefined || type === (vulnerability.type === 'Vuln' ? 'confirmed' : 'potential')) &&
      lowest <= score &&
      score <= highest &&
      !current.includes(vulnerability.qid)
    );
  };
}

function numbersOf(parameters: Parameters, name: string): NumberRanges | undefined {
  const list = parameters.get(name);
  return list === undefined ? undefined : new NumberRanges(list);
}
