import { isAddress } from './addresses.ts';
import { COMMANDS, SETTINGS, UNIT_ENDS, WAITING } from './commands.ts';

/**
 * Looks whether the commands of a file fall into units of one host each, under settings that hold for all of them: what
 * is said of one host then does not depend on what is said of another.
 */
export class HostByHost {
  /** Why they do not, a clause. */
  problem: string | undefined;
  #hadCommands = false;
  /** The host whose findings wait for their ScanFlush or ScanUpdate; empty: none. */
  #waiting = '';

  /** @param name the command's */
  line(line: string, name: string): void {
    this.problem ??= this.#problemOf(line, name);
  }

  #problemOf(line: string, name: string): string | undefined {
    if (SETTINGS.has(name)) return this.#hadCommands ? `${name} stands between its commands` : undefined;
    this.#hadCommands = true;
    if (UNIT_ENDS.has(name)) {
      if (this.#waiting === '') return `${name} stands where nothing waits for it`;
      this.#waiting = '';
      return undefined;
    }
    const host = COMMANDS.get(name)?.hosts === undefined ? undefined : hostOf(line);
    if (host === undefined) return `${name} is about no single host`;
    if (this.#waiting !== '' && this.#waiting !== host) {
      return 'findings of several hosts wait for one ScanFlush';
    }
    if (WAITING.has(name)) this.#waiting = host;
    return undefined;
  }
}

/** Undefined: the first field is not one address. */
function hostOf(line: string): string | undefined {
  const [, quoted, bare = ''] = /^[A-Za-z]+, *(?:"([^"]*)"|([^,]*))/.exec(line) ?? [];
  const host = (quoted ?? bare).trim();
  return isAddress(host) ? host : undefined;
}
