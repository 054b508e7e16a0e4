import { codeReply, page, type Reply } from './reply.ts';

/** What the simulator is told of the versions of its report API. Qualys' real answer for a dead version is not known. */
export interface SimulatedVersions {
  /** Those that are served. */
  readonly served: readonly string[];
  /** The answer for all others. */
  readonly gone: 'page 404' | 'page 405' | 'page 410' | 'document' | 'empty 404';
}

const GONE: Readonly<Record<SimulatedVersions['gone'], () => Reply>> = {
  'page 404': () => page(404, 'Not Found'),
  'page 405': () => page(405, 'Method Not Allowed'),
  'page 410': () => page(410, 'Gone'),
  document: () => codeReply(400, 1907, 'This version of the API is no longer supported.'),
  'empty 404': () => ({ status: 404, type: 'text/plain', body: '' }),
};

/** The refusal of a version that is not served; undefined for one that is, and for what has no version. */
export function wrongVersion(path: string, versions: SimulatedVersions | undefined): Reply | undefined {
  const version = /^\/api\/(\d+\.\d+)\//.exec(path)?.[1];
  if (versions === undefined || version === undefined || versions.served.includes(version)) return undefined;
  return GONE[versions.gone]();
}
