import { cdata, escaped } from '../markup.ts';
import type { SimulatedDetections } from './detection/assets.ts';
import { DECLARATION, now } from './documents.ts';
import { codeReply, page, type Reply, xmlReply } from './reply.ts';

export const ASSET_GROUP_PATH = /^\/api\/\d+\.\d+\/fo\/asset\/group\/?$/;
export const TAG_SEARCH_PATH = '/qps/rest/2.0/search/am/tag';

type Assets = Pick<SimulatedDetections, 'assetGroups' | 'tags'>;

const byNumber = (one: { readonly id: string }, other: { readonly id: string }): number =>
  Number(one.id) - Number(other.id);

/** The asset groups, by their numbers; of more than truncation_limit a warning says where the next page begins. */
export function answerAssetGroups(
  path: string,
  parameters: ReadonlyMap<string, string>,
  { assetGroups = [] }: Assets,
): Reply {
  if (!path.startsWith('/api/2.0/')) return page(404, 'Not Found');
  if (parameters.get('action') !== 'list') {
    return codeReply(400, 1903, 'Missing required parameter(s): action');
  }
  const limit = Number(parameters.get('truncation_limit') ?? 1000) || Infinity;
  const from = Number(parameters.get('id_min') ?? 0);
  const groups = assetGroups.filter(({ id }) => Number(id) >= from).sort(byNumber);
  const list = groups
    .slice(0, limit)
    .map(({ id, name }) => `<ASSET_GROUP>\n<ID>${id}</ID>\n<TITLE>${cdata(name)}</TITLE>\n</ASSET_GROUP>\n`);
  const next = groups[limit];
  const warning =
    next === undefined
      ? ''
      : `<WARNING>\n<CODE>1980</CODE>\n<TEXT>${limit} record limit exceeded. Use URL to get next batch of results.</TEXT>\n<URL>${cdata(`https://elsewhere.example${path}?action=list&id_min=${next.id}`)}</URL>\n</WARNING>\n`;
  return xmlReply(
    `${DECLARATION}<!DOCTYPE ASSET_GROUP_LIST_OUTPUT SYSTEM "https://localhost/api/2.0/fo/asset/group/asset_group_list_output.dtd">
<ASSET_GROUP_LIST_OUTPUT>
<RESPONSE>
<DATETIME>${now()}</DATETIME>
${list.length === 0 ? '' : `<ASSET_GROUP_LIST>\n${list.join('')}</ASSET_GROUP_LIST>\n`}${warning}</RESPONSE>
</ASSET_GROUP_LIST_OUTPUT>
`,
  );
}

/** The tags, by their numbers, of the pages that the body of the call asks for; without tags the interface is not there. */
export function answerTagSearch(method: string, body: string, { tags }: Assets): Reply {
  if (tags === undefined) return page(404, 'Not Found');
  if (method !== 'POST') return page(405, 'Method Not Allowed');
  const limit = Number(/<limitResults>(\d+)<\/limitResults>/.exec(body)?.[1] ?? 100);
  const after = Number(/field="id" operator="GREATER">(\d+)</.exec(body)?.[1] ?? 0);
  const rest = tags.filter(({ id }) => Number(id) > after).sort(byNumber);
  const shown = rest.slice(0, limit);
  const list = shown.map(({ id, name }) => `<Tag>\n<id>${id}</id>\n<name>${escaped(name)}</name>\n</Tag>\n`);
  const last = rest.length > limit ? `<lastId>${shown.at(-1)?.id ?? ''}</lastId>\n` : '';
  return xmlReply(
    `${DECLARATION}<ServiceResponse xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://localhost/qps/xsd/2.0/am/tag.xsd">
<responseCode>SUCCESS</responseCode>
<count>${shown.length}</count>
<hasMoreRecords>${rest.length > limit}</hasMoreRecords>
${last}<data>
${list.join('')}</data>
</ServiceResponse>
`,
  );
}
