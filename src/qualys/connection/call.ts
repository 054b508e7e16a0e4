import type { Veil } from './veil.ts';

/** One call of the API. */
export interface QualysCall {
  /** POST for what changes state; parameters in `form` then. */
  readonly method: 'GET' | 'POST';
  /** From the root, with the trailing slash that Qualys wants; a GET's query included. */
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  /** A document in place of the form. */
  readonly xml?: string;
  /** Told when the request has begun to go out; before that Qualys can have done nothing. For calls with a form. */
  readonly sent?: () => void;
  /** Seconds without a byte after which the call is given up. */
  readonly silence: number;
}

export interface QualysResponse {
  readonly status: number;
  /** A header by its lower-case name, as it came. */
  header(name: string): string | undefined;
  /** For whatever of it is shown. */
  readonly veil: Veil;
  /** Bytes of the body, where the server tells them and it is not compressed. */
  readonly length: number | undefined;
  /** Inflated; throws TransientError when it breaks off. Must be read to the end or given up by `return`. */
  readonly body: AsyncIterableIterator<Buffer>;
}

/** Told of the bytes that came over the wire, and of how many there will be where Qualys says so. */
export type DownloadWatch = (bytes: number, total: number | undefined) => void;
