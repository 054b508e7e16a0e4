import type { Log } from '../log/log.ts';
import type { Progress } from '../progress.ts';
import type { QualysConnection } from './connection.ts';
import type { Persistence } from './persist.ts';
import type { QualysAccess } from './qualys-access.ts';
import type { Spool } from './spool.ts';

/** What the steps of one download share. */
export interface DownloadSession extends Persistence {
  readonly access: QualysAccess;
  readonly connection: QualysConnection;
  readonly spool: Spool;
  readonly log: Log;
  readonly progress: Progress;
  /** Names what is going on, for the message of a time-out. */
  readonly doing: (what: string) => void;
}
