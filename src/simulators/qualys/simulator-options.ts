import type { Identity } from '../certificates.ts';
import type { SimulatedDetections } from './detection/assets.ts';
import type { PlannedFault } from './faults.ts';
import type { SimulatedKnowledgeBase } from './knowledge-base.ts';
import type { SimulatedScope } from './scope.ts';
import type { SimulatedClient } from './token-desk.ts';
import type { SimulatedVersions } from './versions.ts';

/** A report template of the simulated account. */
export interface SimulatedTemplate {
  readonly id: string;
  readonly title: string;
  /** Default Auto. */
  readonly type?: 'Auto' | 'Manual';
  /** Default Scan. */
  readonly templateType?: string;
}

/** What the list says of a report, look by look: so many looks each, then the end for good. */
export interface Timeline {
  readonly absent?: number;
  readonly submitted?: number;
  readonly running?: number;
  /** Default Finished. */
  readonly end?: 'Finished' | 'Errors' | 'Canceled';
  /** How many fetches of the finished report still get 7001. */
  readonly unfetchable?: number;
}

/** What Qualys is made to answer to a template id that it does not have: the real answer is not known. */
type WrongTemplateAnswer = 'simple 999' | 'generic 999' | 'simple 1905' | 'generic 5000';

type ReportSource = (templateId: string) => Iterable<string | Uint8Array>;

export interface QualysSimulatorOptions {
  readonly user: string;
  readonly password: string;
  /** An OAuth client of the account, whose tokens the report API takes; default: none. */
  readonly client?: SimulatedClient;
  readonly templates: readonly SimulatedTemplate[];
  /** The XML of a report; asked anew for each fetch, always giving the same bytes. */
  readonly report: ReportSource;
  /** What the Host List Detection interface has; default: it is not there. */
  readonly detections?: SimulatedDetections;
  /** Default: what the samples are made of. */
  readonly knowledgeBase?: SimulatedKnowledgeBase;
  /** Default: made for the occasion. */
  readonly authority?: Identity;
  /** Default: made on the spot, signed by the authority. */
  readonly serverIdentity?: Identity;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly timeline?: Timeline;
  readonly faults?: readonly PlannedFault[];
  /** Default: no asset groups and no tags. */
  readonly scope?: SimulatedScope;
  /** Default: any version is served. */
  readonly versions?: SimulatedVersions;
  readonly wrongTemplate?: WrongTemplateAnswer;
  /** gzip for a client that asks for it; default true. */
  readonly gzip?: boolean;
  /** The report as a zip file, as huge ones come; default false. */
  readonly zip?: boolean;
  /** Content-Length with a report that is not compressed; default true. */
  readonly contentLength?: boolean;
  /** Calls an hour, for the headers; default 300. They are counted, not enforced. */
  readonly rateLimit?: number;
}
