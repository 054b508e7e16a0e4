import { type EventEmitter, once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority, makeServerCertificate } from '../certificates.ts';
import { SimulatedAccount } from './simulated-account.ts';
import type { QualysSimulatorOptions } from './simulator-options.ts';
import type { ReportChanges } from './report-desk.ts';
import type { TranscriptEntry } from './transcript.ts';

export type { PlannedFault, FaultKind, Endpoint } from './faults.ts';
export type { QualysSimulatorOptions } from './simulator-options.ts';
export type { TranscriptEntry } from './transcript.ts';

/** A running simulator of a Qualys platform. */
export interface QualysSimulator {
  /** For qualys_server, e.g. `https://localhost:40123`. */
  readonly url: string;
  readonly port: number;
  /** For qualys_ca: the PEM of the authority that signed its certificate. */
  readonly authority: string;
  /** Every request so far. */
  readonly transcript: readonly TranscriptEntry[];
  /** Reports generated, which a lost answer does not undo. */
  readonly launches: number;
  readonly deletes: number;
  /** Tokens given to the OAuth client. */
  readonly tokens: number;
  /** The most calls that were ever being answered at the same time. */
  readonly mostAtOnce: number;
  /** Ids of the reports not deleted. */
  alive(): string[];
  /** Changes a report that is not deleted. */
  change(id: string, changes: ReportChanges): void;
  /** `request` with the TranscriptEntry when one came; `silent` when a fault leaves one without (further) answer. */
  readonly events: EventEmitter;
  /** Becomes another Qualys on the same port, with nothing of what was; its connections are closed. */
  become(options: QualysSimulatorOptions): void;
  /** Whether it has been closed. */
  readonly closed: boolean;
  close(): Promise<void>;
}

/** Starts a Qualys on loopback, over real TLS. */
export async function startQualysSimulator(options: QualysSimulatorOptions): Promise<QualysSimulator> {
  const authority = options.authority ?? makeAuthority('Qualys simulator authority');
  let account = new SimulatedAccount(options);
  const { certificate: cert, key } =
    options.serverIdentity ?? makeServerCertificate(authority, ['localhost', '127.0.0.1', '::1']);
  const server = createServer({ cert, key }, (request, response) => {
    const { events } = account;
    account.serve(request, response).catch((error: unknown) => {
      events.emit('trouble', error);
      response.destroy();
    });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    port,
    authority: authority.certificate,
    get transcript() {
      return account.transcript;
    },
    get launches() {
      return account.desk.launches;
    },
    get deletes() {
      return account.desk.deletes;
    },
    get tokens() {
      return account.tokens.given;
    },
    get mostAtOnce() {
      return account.mostAtOnce;
    },
    alive: () => account.desk.alive(),
    change: (id, changes) => {
      account.desk.change(id, changes);
    },
    get events() {
      return account.events;
    },
    become(other) {
      server.closeAllConnections();
      account = new SimulatedAccount(other);
    },
    get closed() {
      return !server.listening;
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
