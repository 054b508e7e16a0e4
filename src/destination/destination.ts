import type { ClientCertificate } from '../management-center/certificate/client-certificate.ts';
import type { Delivered } from './adding.ts';
import type { Sink } from './sink.ts';

type Validity = Pick<ClientCertificate, 'validTo' | 'authorityValidTo'>;

/** Where the commands go, checked before anything is downloaded. */
export interface Destination {
  /** For messages and the summary: `10.10.10.10:8307`, or the CSV file's path. */
  readonly name: string;
  /** When the certificate that lets this client in ends, and its authority; absent where none is needed. */
  readonly validity?: Validity;
  /** The longest line it takes, in bytes with its LF. */
  readonly maximumLine: number;
  /** The CSV file of one input; undefined where commands go to a Management Center. */
  file(template: string | undefined): string | undefined;
  /** With several templates: hosts that have findings of earlier ones, to which later ones add. */
  readonly delivered: Delivered;
  /** A sink for one input. @param template goes before the CSV file's name, where several are processed */
  sink(template: string | undefined): Sink;
}
