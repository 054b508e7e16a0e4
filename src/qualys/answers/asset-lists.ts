/** What an account has to choose hosts by: asset groups and tags, page by page. */
import type { ConnectorError } from '../../connector-error.ts';
import type { Log } from '../../log/log.ts';
import { childrenNamed, descendants, textOf, type XmlNode } from '../../xml/node.ts';
import type { QualysConnection } from '../connection/connection.ts';
import { type Answer, readAnswer } from './answer.ts';
import { ApiVersions, type VersionedApi } from './api-versions.ts';
import { ask, originOf } from './ask.ts';
import { judge } from './judge.ts';
import { TagsNotListedError } from './errors.ts';
import { readSmall } from '../connection/read-small.ts';

/** An asset group or a tag. */
export interface AssetChoice {
  readonly id: string;
  /** The group's title, the tag's name. */
  readonly name: string;
}

/** `/api/<version>/fo/asset/group/`; public clients speak 2.0 (2026). */
const ASSET_GROUP_API: VersionedApi = { name: 'asset group API', key: undefined, known: ['2.0'] };

const SILENCE = 120;
/** Of a page; pages of so many are more than any account has. */
const PAGE = 1000;
const MOST_PAGES = 200;
/** Characters of a name: it is written into the YAML as it is. */
const LONGEST_NAME = 1024;

/** The account's asset groups, by their numbers (API guide, asset group list). */
export async function listAssetGroups(
  connection: QualysConnection,
  signal: AbortSignal,
  log: Log,
): Promise<AssetChoice[]> {
  const versions = new ApiVersions(ASSET_GROUP_API, 'auto');
  return pages((from) =>
    versions.speak({ server: connection.server, log }, async (version) => {
      const query = new URLSearchParams({
        action: 'list',
        show_attributes: 'ID,TITLE',
        truncation_limit: String(PAGE),
        ...(from !== undefined && { id_min: from }),
      });
      const path = `/api/${version}/fo/asset/group/?${query.toString()}`;
      const call = { method: 'GET', path, silence: SILENCE } as const;
      const doing = 'looking at the asset groups';
      const answer = await ask(connection, call, ['ASSET_GROUP_LIST_OUTPUT'], doing, signal);
      return {
        choices: descendants(answer.document, 'ASSET_GROUP').map((group) => choice(answer, group, 'TITLE')),
        next: nextGroup(answer),
      };
    }),
  );
}

/** Of the URL of the next page only the number is taken: it may name another host. */
function nextGroup({ document }: Answer): string | undefined {
  const [url = ''] = descendants(document, 'WARNING').map((warning) => textOf(warning, 'URL'));
  return /[?&]id_min=(\d{1,18})(?:&|$)/.exec(url)?.[1];
}

/** The account's tags (Asset Management and Tagging API, search tags): another interface, with rights of its own. @throws TagsNotListedError */
export async function listTags(connection: QualysConnection, signal: AbortSignal): Promise<AssetChoice[]> {
  return pages(async (from) => {
    const criteria =
      from === undefined
        ? ''
        : `<filters><Criteria field="id" operator="GREATER">${from}</Criteria></filters>`;
    const xml = `<?xml version="1.0" encoding="UTF-8"?><ServiceRequest>${criteria}<preferences><limitResults>${PAGE}</limitResults></preferences></ServiceRequest>`;
    const call = { method: 'POST', path: '/qps/rest/2.0/search/am/tag', xml, silence: SILENCE } as const;
    const response = await connection.call(call, signal);
    const answer = readAnswer(response, await readSmall(response.body));
    const refusal = tagRefusal(answer);
    if (refusal) throw refusal;
    judge(answer, ['ServiceResponse'], originOf(connection, 'looking at the tags'));
    const more = textOf(answer.document, 'hasMoreRecords') === 'true';
    const last = textOf(answer.document, 'lastId');
    return {
      choices: childrenNamed(answer.document, 'data')
        .flatMap((data) => childrenNamed(data, 'Tag'))
        .map((tag) => choice(answer, tag, 'name')),
      next: more && /^\d{1,18}$/.test(last) ? last : undefined,
    };
  });
}

function tagRefusal(answer: Answer): ConnectorError | undefined {
  const { document, root, status, fault } = answer;
  const code = textOf(document, 'responseCode');
  if (root === 'ServiceResponse' && code !== 'SUCCESS') {
    const details = descendants(document, 'errorMessage').map((message) => textOf(message));
    return new TagsNotListedError(answer.shown([code, ...details].join(': '), 200));
  }
  // That API is not switched on for every subscription, nor for every user.
  const absent = fault === undefined && (status === 403 || status === 404);
  return absent ? new TagsNotListedError(`HTTP ${status}`) : undefined;
}

function choice(answer: Answer, node: XmlNode, name: string): AssetChoice {
  const id = textOf(node, 'ID') || textOf(node, 'id');
  return { id: answer.shown(id, 20), name: answer.shown(textOf(node, name), LONGEST_NAME) };
}

interface Page {
  readonly choices: readonly AssetChoice[];
  /** Where the next one begins; undefined: there is none. */
  readonly next: string | undefined;
}

/** All pages, of which each must begin behind the one before. */
async function pages(read: (from: string | undefined) => Promise<Page>): Promise<AssetChoice[]> {
  const all: AssetChoice[] = [];
  let from: string | undefined;
  for (let count = 0; count < MOST_PAGES; count++) {
    const { choices, next } = await read(from);
    all.push(...choices);
    if (next === undefined || BigInt(next) <= BigInt(from ?? 0)) break;
    from = next;
  }
  return all;
}
