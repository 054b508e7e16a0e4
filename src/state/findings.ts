import { parseCommand } from '../host-input/command.ts';
import type { FindingDetail, UnitPart } from '../host-input/command-stream.ts';

/** QID, port, protocol and severity in one whole number below 2^53: what a finding is in the state. */
type FindingNumber = number;

const PROTOCOLS = ['', 'tcp', 'udp'] as const;
/** As commands write them. */
const COMMAND_PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', 1],
  ['6', 1],
  ['udp', 2],
  ['17', 2],
]);

/** The numbers of a part's findings, without those that a unit adds in another way than by AddScanResult. */
export function findingsOf({ details, text, findings }: UnitPart): FindingNumber[] {
  if (details) return details.map(ofDetail);
  if (findings === 0) return [];
  const lines = text.split('\n').filter((line) => line.startsWith('AddScanResult,'));
  return lines.map((line) => ofCommand(line)).filter((finding) => finding !== undefined);
}

function ofDetail({ qid, port, protocol, severity = 0 }: FindingDetail): FindingNumber {
  return numberOf(qid, port, port === 0 ? 0 : PROTOCOLS.indexOf(protocol), severity);
}

/** A line that says nothing of severities. Ids that are no numbers become some. */
function ofCommand(line: string): FindingNumber | undefined {
  try {
    const [, , id = '', port = '', protocol = '', name = ''] = parseCommand(line).fields;
    const qid = /^\d{1,9}$/.test(id) ? Number(id) : hashOf(id === '' ? name : id);
    return numberOf(qid, Number(port) || 0, COMMAND_PROTOCOLS.get(protocol) ?? 0, 0);
  } catch {
    return undefined;
  }
}

function numberOf(qid: number, port: number, protocol: number, severity: number): FindingNumber {
  return ((qid * 65_536 + (port & 0xffff)) * 4 + protocol) * 8 + severity;
}

function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  return hash >>> 0;
}

/** 1 to 5; 0: not known. */
export function severityOf(finding: FindingNumber): number {
  return finding % 8;
}

/** The finding without its severity, which Qualys may change. */
function identityOf(finding: FindingNumber): number {
  return Math.floor(finding / 8);
}

export function qidOf(finding: FindingNumber): number {
  return Math.floor(finding / (65_536 * 32));
}

export function portOf(finding: FindingNumber): number {
  return Math.floor(finding / 32) % 65_536;
}

/** `tcp`, `udp`; empty: on no port, or not known. */
export function protocolOf(finding: FindingNumber): string {
  return PROTOCOLS[Math.floor(finding / 8) % 4] ?? '';
}

/** Sorts both. @returns what only the first has, and what only the second has, each once */
export function compareFindings(
  before: Float64Array,
  now: Float64Array,
): { readonly gone: FindingNumber[]; readonly added: FindingNumber[] } {
  return { gone: without(before.sort(), now.sort()), added: without(now, before) };
}

/** What of the first has no like in the second; both are sorted. */
function without(some: Float64Array, others: Float64Array): FindingNumber[] {
  const left: FindingNumber[] = [];
  let at = 0;
  let last = -1;
  for (const finding of some) {
    const identity = identityOf(finding);
    if (identity === last) continue;
    last = identity;
    while (at < others.length && identityOf(others[at] ?? 0) < identity) at++;
    if (at === others.length || identityOf(others[at] ?? 0) !== identity) left.push(finding);
  }
  return left;
}
