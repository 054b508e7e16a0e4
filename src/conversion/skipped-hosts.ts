import type { Log } from '../log/log.ts';
import type { Host } from '../records/records.ts';
import { grouped } from '../text/grouped.ts';
import { oneLine } from '../text/one-line.ts';
import type { ConversionCounts } from './counts.ts';

/** Warnings given one by one; the rest is told as a number. */
const TOLD = 10;

/** Hosts that cannot be imported: each is counted, the first ones are named. */
export class SkippedHosts {
  readonly #log: Log;
  readonly #counts: ConversionCounts;
  readonly #veil: (text: string) => string;
  #skipped = 0;

  constructor(log: Log, counts: ConversionCounts, veil: (text: string) => string) {
    this.#log = log;
    this.#counts = counts;
    this.#veil = veil;
  }

  withoutAddress(host: Host): void {
    const { skipped } = this.#counts.hosts;
    if (host.error !== undefined) {
      skipped.error++;
      this.#warn(`A host is left out: Qualys reports "${shown(this.#veil(host.error))}" in its place`);
    } else {
      skipped.invalidAddress++;
      this.#warn(`A host is left out: "${shown(host.ip6 || host.ip)}" is no IP address${named(host)}`);
    }
    this.#counts.findings.leftOut.invalid += host.findingCount;
  }

  /** Tells how many there were beyond the ones that were named. */
  end(): void {
    if (this.#skipped > TOLD) {
      this.#log.warning(
        'report.hosts-skipped',
        `${grouped(this.#skipped - TOLD)} more hosts were left out like these`,
        {
          hosts: this.#skipped,
        },
      );
    }
  }

  #warn(message: string): void {
    this.#skipped++;
    if (this.#skipped <= TOLD) this.#log.warning('report.host-skipped', message);
  }
}

function named(host: Host): string {
  const name = host.dns || host.netbios;
  return name === '' ? '' : ` (${shown(name)})`;
}

function shown(text: string): string {
  return oneLine(text, 200);
}
