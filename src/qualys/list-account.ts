import { systemClock, withinTime } from '../clock.ts';
import type { Log } from '../log/log.ts';
import type { QualysAccount } from './access.ts';
import { kindOf, listTemplates } from './answers/template-list.ts';
import { openConnection } from './connection/connection.ts';
import { QualysConnectionLostError } from './connection/errors.ts';
import { TransientError } from './retry/transient.ts';

/** Seconds for the whole answer: somebody is watching. */
const LIMIT = 120;

/**
 * The account's report templates as a table, the names of its columns first; asked for once.
 * @throws ConnectorError, or the signal's reason
 */
export async function listAccount(
  account: QualysAccount,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<string[][]> {
  const connection = openConnection(account, { log, clock: systemClock, env: process.env });
  const late = (): Error =>
    new QualysConnectionLostError(connection.server, `no whole answer came within ${LIMIT} seconds`);
  try {
    const limit = { seconds: LIMIT, signal, late };
    const templates = await withinTime(limit, (limited) => listTemplates(connection, limited));
    const rows = templates.map((template) => [
      template.id,
      kindOf(template),
      template.suitable ? 'yes' : 'no',
      template.title,
    ]);
    return [['ID', 'TYPE', 'USABLE', 'TITLE'], ...rows];
  } catch (error) {
    throw error instanceof TransientError ? error.last : error;
  } finally {
    await connection.close();
  }
}
