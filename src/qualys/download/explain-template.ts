import type { ConnectorError } from '../../connector-error.ts';
import { QualysRequestRefusedError } from '../answers/errors.ts';
import type { DownloadSession } from './session.ts';
import { listTemplates, templateTrouble } from '../answers/template-list.ts';
import { happenedIn, TransientError } from '../retry/transient.ts';

/** Qualys' number for an internal error, which is also what a wrong template id can get (the vendor's guide). */
const INTERNAL_ERROR = 999;

/**
 * Tells whether the template is why Qualys refused: then that error is to be thrown in place of Qualys' own. Asks Qualys
 * once for the templates; what goes wrong with that question is of no interest beside the first error.
 */
export async function explainTemplate(
  session: DownloadSession,
  error: unknown,
): Promise<ConnectorError | undefined> {
  const said = sayingOf(error);
  if (said === undefined) return undefined;
  const { connection, budget, access, log } = session;
  try {
    return templateTrouble(await listTemplates(connection, budget.signal), access.templateId, said);
  } catch (trouble) {
    const happened = happenedIn(trouble);
    log.debug('qualys.templates', `The list of report templates was not to be had: ${happened}`);
    return undefined;
  }
}

/** Qualys' words in an error that a wrong template can be the cause of. */
function sayingOf(error: unknown): string | undefined {
  if (error instanceof QualysRequestRefusedError) return error.happened;
  if (error instanceof TransientError && error.number === INTERNAL_ERROR) return error.message;
  return undefined;
}
