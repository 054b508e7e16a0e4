import { systemClock, withinTime } from '../clock.ts';
import type { Log } from '../log/log.ts';
import type { QualysAccount } from './access.ts';
import { type AssetChoice, listAssetGroups, listTags } from './answers/asset-lists.ts';
import { kindOf, listTemplates, type ReportTemplate } from './answers/template-list.ts';
import { openConnection, type QualysConnection } from './connection/connection.ts';
import { QualysConnectionLostError } from './connection/errors.ts';
import { TransientError } from './retry/transient.ts';

/** Seconds for the whole answer: somebody is watching. */
const LIMIT = 120;

/** What an account has that can be listed. */
export interface AccountLists {
  readonly templates: readonly ReportTemplate[];
  readonly groups: readonly AssetChoice[];
  readonly tags: readonly AssetChoice[];
}

interface ListContext {
  readonly log: Log;
  readonly signal: AbortSignal;
}

const READERS: {
  readonly [What in keyof AccountLists]: (
    connection: QualysConnection,
    signal: AbortSignal,
    log: Log,
  ) => Promise<AccountLists[What]>;
} = { templates: listTemplates, groups: listAssetGroups, tags: listTags };

/** One of the account's lists, asked for once. @throws ConnectorError, or the signal's reason */
async function readAccountList<What extends keyof AccountLists>(
  account: QualysAccount,
  what: What,
  { log, signal }: ListContext,
): Promise<AccountLists[What]> {
  const connection = openConnection(account, { log, clock: systemClock, env: process.env });
  const late = (): Error =>
    new QualysConnectionLostError(connection.server, `no whole answer came within ${LIMIT} seconds`);
  try {
    const limit = { seconds: LIMIT, signal, late };
    return await withinTime(limit, (limited) => READERS[what](connection, limited, log));
  } catch (error) {
    throw error instanceof TransientError ? error.last : error;
  } finally {
    await connection.close();
  }
}

/** The same as a table, the names of its columns first. @throws ConnectorError, or the signal's reason */
export async function listAccount(
  account: QualysAccount,
  what: keyof AccountLists,
  context: ListContext,
): Promise<string[][]> {
  if (what === 'templates') {
    const templates = await readAccountList(account, what, context);
    const rows = templates.map((template) => [
      template.id,
      kindOf(template),
      template.suitable ? 'yes' : 'no',
      template.title,
    ]);
    return [['ID', 'TYPE', 'USABLE', 'TITLE'], ...rows];
  }
  const choices = await readAccountList(account, what, context);
  return [['ID', what === 'groups' ? 'TITLE' : 'NAME'], ...choices.map(({ id, name }) => [id, name])];
}
