import type { Log } from '../../log/log.ts';
import type { Peer } from '../connection/peer.ts';
import { ApiVersionNotServedError } from './errors.ts';
import { VersionGoneError } from './version-gone.ts';

/** One of Qualys' interfaces, each of which has versions of its own. */
export interface VersionedApi {
  /** For messages. */
  readonly name: string;
  /** The key of the YAML that pins its version. */
  readonly key: string;
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
   * Makes a call in the version that is known to answer, else in one after the other until one is served.
   * @param call makes it in a version; throws VersionGoneError where that is not served
   * @throws ApiVersionNotServedError when none is; whatever else `call` throws
   */
  async speak<T>({ server, log }: Speaking, call: (version: string) => Promise<T>): Promise<T> {
    const tried = new Set(this.#first === undefined ? [] : [this.#first]);
    for (const version of this.#candidates) tried.add(version);
    let said = '';
    for (const version of tried) {
      try {
        const result = await call(version);
        this.#keep(version, log);
        return result;
      } catch (error) {
        if (!(error instanceof VersionGoneError)) {
          this.#first = version;
          throw error;
        }
        said = error.message;
      }
    }
    throw new ApiVersionNotServedError(server, this.api, [...tried], said, this.#pinned);
  }

  #keep(version: string, log: Log): void {
    const [newest] = this.api.known;
    const [wanted] = this.#candidates;
    if (version !== this.#answered && version !== wanted) {
      const { name, key } = this.api;
      log.warning(
        'qualys.version',
        `Qualys does not serve version ${wanted} of its ${name}; version ${version} answers and is used. "${key}: ${version}" in the YAML pins it.`,
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
