import type { ConnectorError } from '../../connector-error.ts';
import type { Log } from '../../log/log.ts';
import type { Peer } from '../connection/peer.ts';
import { NotTheQualysApiError } from '../connection/errors.ts';
import { ApiVersionNotServedError, QualysApiNotAllowedError, QualysRequestRefusedError } from './errors.ts';
import { VersionGoneError } from './version-gone.ts';

/** One of Qualys' interfaces, each of which has versions of its own. */
export interface VersionedApi {
  /** For messages. */
  readonly name: string;
  /** The key of the YAML that pins its version; undefined: none does. */
  readonly key: string | undefined;
  /** The versions that are known of, the newest first. */
  readonly known: readonly [string, ...string[]];
  /** What the YAML of version 2.0.0 named without being asked: nobody's choice, so it is tried first and left when gone. */
  readonly written?: string;
}

/** `/api/<version>/fo/report/`; 3.0 is the newest of which public clients know (2026). */
export const REPORT_API: VersionedApi = {
  name: 'report API',
  key: 'api_version',
  known: ['3.0', '2.0'],
  written: '2.0',
};

/** `/api/<version>/fo/asset/host/vm/detection/`; those before 5.0 were to end in June 2026. */
export const DETECTION_API: VersionedApi = {
  name: 'detection API',
  key: 'detection_api_version',
  known: ['5.0', '4.0', '3.0', '2.0'],
};

/** `/api/<version>/fo/knowledge_base/vuln/`; those before 4.0 were to end in June 2026. */
export const KNOWLEDGE_BASE_API: VersionedApi = {
  name: 'KnowledgeBase API',
  key: 'kb_api_version',
  known: ['4.0', '3.0', '2.0'],
};

/** How many versions beyond the newest known are tried. */
const BEYOND = 3;

/** Who is spoken to, and who is told of it. */
export interface Speaking {
  readonly server: Peer;
  readonly log: Log;
}

/** The version of an interface that is spoken, of one run: the one that has answered is kept. */
export class ApiVersions {
  readonly api: VersionedApi;
  readonly #candidates: readonly string[];
  readonly #pinned: boolean;
  #first: string | undefined;
  #answered: string | undefined;

  /** @param setting `auto`, or the version to speak */
  constructor(api: VersionedApi, setting: string) {
    this.api = api;
    this.#pinned = setting !== 'auto' && setting !== api.written;
    this.#candidates = this.#pinned ? [setting] : candidatesOf(api, setting);
  }

  /** The version that answered last; undefined: none has yet. */
  get answered(): string | undefined {
    return this.#answered;
  }

  /**
   * Makes a call in the version that is known to answer, else in one after the other until one is served. Of a version
   * that is guessed, a refusal may mean that there is none: it is told only when no other one answers.
   * @param call makes it in a version; throws VersionGoneError where that is not served
   * @throws ApiVersionNotServedError when none is; whatever else `call` throws
   */
  async speak<T>({ server, log }: Speaking, call: (version: string) => Promise<T>): Promise<T> {
    const tried = new Set(this.#first === undefined ? [] : [this.#first]);
    for (const version of this.#candidates) tried.add(version);
    let said = '';
    let refusal: ConnectorError | undefined;
    for (const version of tried) {
      try {
        const result = await call(version);
        this.#keep(version, log);
        return result;
      } catch (error) {
        if (error instanceof VersionGoneError) said = error.message;
        else if (this.#isGuess(version) && isRefusal(error)) refusal ??= error;
        else {
          this.#first = version;
          throw error;
        }
      }
    }
    throw refusal ?? new ApiVersionNotServedError(server, this.api, [...tried], said, this.#pinned);
  }

  #isGuess(version: string): boolean {
    return !this.#pinned && version !== this.#answered && !this.api.known.includes(version);
  }

  #keep(version: string, log: Log): void {
    const [newest] = this.api.known;
    const [wanted] = this.#candidates;
    if (version !== this.#answered && version !== wanted) {
      const { name, key } = this.api;
      log.warning(
        'qualys.version',
        `Qualys does not serve version ${wanted} of its ${name}; version ${version} answers and is used.${key === undefined ? '' : ` "${key}: ${version}" in the YAML pins it.`}`,
        { api: name, version, newest },
      );
    }
    this.#first = version;
    this.#answered = version;
  }
}

/** The one that was written, the newest known, the next higher ones, the older known ones. */
function candidatesOf({ known: [newest, ...older] }: VersionedApi, setting: string): string[] {
  const major = Number.parseInt(newest, 10);
  const higher = Array.from({ length: BEYOND }, (_, index) => `${major + 1 + index}.0`);
  const all = [newest, ...higher, ...older];
  return setting === 'auto' ? all : [setting, ...all.filter((version) => version !== setting)];
}

/** Of the call, not of the login, which would be refused in every version. */
function isRefusal(error: unknown): error is ConnectorError {
  return (
    error instanceof QualysApiNotAllowedError ||
    error instanceof QualysRequestRefusedError ||
    error instanceof NotTheQualysApiError
  );
}
