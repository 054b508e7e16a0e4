import { systemClock, withinTime } from '../clock.ts';
import type { Log } from '../log/log.ts';
import type { QualysAccount } from './access.ts';
import { type AssetChoice, listAssetGroups, listTags } from './answers/asset-lists.ts';
import { ask } from './answers/ask.ts';
import { kindOf, listTemplates, type ReportTemplate } from './answers/template-list.ts';
import { ABOUT } from './check/steps.ts';
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
export function readAccountList<What extends keyof AccountLists>(
  account: QualysAccount,
  what: What,
  context: ListContext,
): Promise<AccountLists[What]> {
  return withConnection(account, context, (connection, signal) =>
    READERS[what](connection, signal, context.log),
  );
}

/**
 * Logs in once: a user by the lightest call that there is, an OAuth client by asking for its token.
 * @throws ConnectorError, or the signal's reason
 */
export function checkLogin(account: QualysAccount, context: ListContext): Promise<void> {
  return withConnection(account, context, async (connection, signal) => {
    if (account.login.kind === 'client') await connection.token(signal);
    else await ask(connection, ABOUT, ['ABOUT'], 'logging in', signal);
  });
}

async function withConnection<T>(
  account: QualysAccount,
  { log, signal }: ListContext,
  work: (connection: QualysConnection, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const connection = openConnection(account, { log, clock: systemClock, env: process.env });
  const late = (): Error =>
    new QualysConnectionLostError(connection.server, `no whole answer came within ${LIMIT} seconds`);
  try {
    return await withinTime({ seconds: LIMIT, signal, late }, (limited) => work(connection, limited));
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
