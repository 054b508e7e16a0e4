import type { FindingList } from './finding-list.ts';
import { LineList } from './line-list.ts';
import type { Host } from './records.ts';

export type HostRecord = Omit<Host, 'findings'>;

/** All hosts of a source in its order, kept until the QIDs are known. */
export class HostList extends LineList<HostRecord> {
  /** The hosts with their findings, which stand in that list in the same order. */
  *withFindings(findings: FindingList): Generator<Host> {
    let from = 0;
    for (const host of this.read()) {
      // Copies, `{ ...host }`, are made by V8 in its old generation, where they pile up.
      yield Object.assign(host, { findings: findings.read(from, host.findingCount) });
      from += host.findingCount;
    }
  }
}
