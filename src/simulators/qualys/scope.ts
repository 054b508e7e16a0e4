import { isAddressRange } from './detection/address-ranges.ts';
import { codeReply, type Reply } from './reply.ts';

/** What the simulated account has to choose hosts by. */
export interface SimulatedScope {
  readonly assetGroups: readonly string[];
  readonly tags: readonly string[];
}

const BY_ADDRESS = ['ips', 'asset_group_ids'];
/** Parameters that choose hosts by tags. */
export const BY_TAG = [
  'tag_set_by',
  'tag_include_selector',
  'tag_exclude_selector',
  'tag_set_include',
  'tag_set_exclude',
];

export const SCOPE_PARAMETERS: readonly string[] = [...BY_ADDRESS, 'use_tags', ...BY_TAG];

/** The refusal of parameters that choose hosts, as the guide's appendix on errors has it; undefined for good ones. */
export function wrongScope(
  parameters: ReadonlyMap<string, string>,
  { assetGroups, tags }: SimulatedScope = { assetGroups: [], tags: [] },
): Reply | undefined {
  const byTags = parameters.get('use_tags') === '1';
  const misplaced = (byTags ? BY_ADDRESS : BY_TAG).filter((name) => parameters.has(name));
  if (misplaced.length > 0) {
    const pairs = [`use_tags=${byTags ? 1 : 0}`, ...misplaced].join(', ');
    return codeReply(400, 1907, `The following combination of key=value pairs is not supported: ${pairs}`);
  }
  if (byTags && !parameters.has('tag_set_include')) {
    return codeReply(400, 1903, 'Missing required parameter(s): tag_set_include');
  }
  return (
    wrongItem(parameters, 'ips', isAddressRange, 'neither an IP nor a range') ??
    wrongItem(parameters, 'asset_group_ids', (id) => assetGroups.includes(id), 'no such asset group') ??
    wrongItem(parameters, 'tag_set_include', (tag) => tags.includes(tag), 'no such tag') ??
    wrongItem(parameters, 'tag_set_exclude', (tag) => tags.includes(tag), 'no such tag')
  );
}

function wrongItem(
  parameters: ReadonlyMap<string, string>,
  name: string,
  isGood: (item: string) => boolean,
  why: string,
): Reply | undefined {
  const wrong = parameters
    .get(name)
    ?.split(',')
    .find((item) => !isGood(item));
  if (wrong === undefined) return undefined;
  return codeReply(400, 1905, `parameter ${name} has invalid value: ${wrong} (${why}: ${wrong})`);
}
