/** What became of each input at each place that it went to: what the page says on top is made of this list, and of nothing else. */
import { hostsToConvert } from '../conversion/counts.ts';
import type { InputSummary, RunSummary } from '../summary/run-summary.ts';

/** One input at one Management Center, or in one CSV file. */
export interface TransferSummary {
  /** The label of the input. */
  readonly source: string;
  /** `host:port`, or the path of the CSV file; undefined: the run ended before that was known. */
  readonly place: string | undefined;
  readonly isFile: boolean;
  readonly outcome: InputSummary['outcome'];
  /** Acknowledged, or written. */
  readonly hosts: number;
  readonly findings: number;
  /** Hosts that the source has for this place; undefined: that is not known. */
  readonly ofHosts: number | undefined;
  /** Hosts that the place has as they are, and that were therefore not sent. */
  readonly asBefore: number;
  /** Answers that complained. */
  readonly complaints: number;
  /** Why somebody should look, although all is in: messages. */
  readonly concerns: readonly string[];
  /** Why it failed, with advice and code. */
  readonly error: string | undefined;
  /** What keeps what is not in. */
  readonly unsentFile: string | undefined;
}

/** In the order of the run. */
export function transfersOf({ inputs, destination }: RunSummary): TransferSummary[] {
  const isFile = inputs.some(({ file }) => file !== null);
  return inputs.map((input): TransferSummary => {
    const { label, server, file, outcome, delivery, counts, changes, concerns, error } = input;
    return {
      source: label,
      place: (isFile ? file : (server ?? destination)) ?? undefined,
      isFile,
      outcome,
      hosts: delivery.units,
      findings: delivery.findings,
      ofHosts: counts ? hostsToConvert(counts) : undefined,
      asBefore: changes?.full === null ? changes.hosts.unchanged : 0,
      complaints: delivery.complaints,
      concerns: concerns ?? [],
      error: error?.message,
      unsentFile: delivery.unsentFile,
    };
  });
}

export function isWhole({ outcome }: TransferSummary): boolean {
  return outcome === 'done' || outcome === 'complaints';
}

/** By their places, those first to which something did not come. */
export function byPlace(transfers: readonly TransferSummary[]): TransferSummary[][] {
  const groups = new Map<string | undefined, TransferSummary[]>();
  for (const transfer of transfers) {
    const key = transfer.isFile ? undefined : transfer.place;
    groups.set(key, [...(groups.get(key) ?? []), transfer]);
  }
  const all = [...groups.values()];
  return [...all.filter((group) => !group.every(isWhole)), ...all.filter((group) => group.every(isWhole))];
}
