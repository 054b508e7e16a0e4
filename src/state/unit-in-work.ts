import type { UnitPart } from '../host-input/command-stream.ts';
import { findingsOf } from './findings.ts';
import type { UnitDigest } from './unit-digest.ts';

/** A unit of which not all parts have come. */
export class UnitInWork {
  readonly host: number;
  readonly address: string;
  readonly way: 'on' | 'waits' | 'decided';
  readonly digest: UnitDigest;
  readonly findings: number[] = [];

  constructor(host: number, address: string, way: UnitInWork['way'], digest: UnitDigest) {
    this.host = host;
    this.address = address;
    this.way = way;
    this.digest = digest;
  }

  add(part: UnitPart): void {
    this.digest.add(part);
    for (const finding of findingsOf(part)) this.findings.push(finding);
  }
}
