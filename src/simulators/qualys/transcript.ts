import type { IncomingHttpHeaders } from 'node:http';
import type { Endpoint } from './faults.ts';

/** A request as it came, without its credentials. */
export interface TranscriptEntry {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly endpoint: Endpoint;
  /** Whether the credentials were right. */
  readonly login: 'right' | 'wrong' | 'none';
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function withoutCredentials(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(?:proxy-)?authorization$|^cookie$|^client(?:id|secret)$/.test(name),
    ),
  );
}
