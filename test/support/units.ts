import type { CommandPart, SessionSetting, UnitPart } from '../../src/host-input/command-stream.ts';

export function setting(line: string): SessionSetting {
  return { kind: 'setting', text: `${line}\n` };
}

export const source = setting('SetSource,QualysGuard Scan Report');

function finding(address: string, qid: number, description = 'Text'): string {
  return `AddScanResult,${address},"QualysGuard",${qid},443,tcp,"Title ${qid}","${description}","cve_ids: CVE-2020-${1000 + qid}","bugtraq_ids:"\n`;
}

/** A host with these findings, in one part. */
export function unit(address: string, qids: readonly number[], end = 'ScanFlush'): UnitPart {
  const text = `AddHost,${address}\n${qids.map((qid) => finding(address, qid)).join('')}${end}\n`;
  return { kind: 'unit', address, text, commands: qids.length + 2, findings: qids.length, ends: true };
}

/** The same host in several parts of `size` findings. */
export function unitInParts(address: string, qids: readonly number[], size: number): UnitPart[] {
  const parts: UnitPart[] = [];
  for (let start = 0; start < qids.length; start += size) {
    const some = qids.slice(start, start + size);
    const ends = start + size >= qids.length;
    const text = `${some.map((qid) => finding(address, qid)).join('')}${ends ? 'ScanFlush\n' : ''}`;
    const commands = some.length + (ends ? 1 : 0);
    parts.push({ kind: 'unit', address, text, commands, findings: some.length, ends });
  }
  return parts;
}

export function textOf(parts: Iterable<CommandPart>): string {
  return [...parts].map(({ text }) => text).join('');
}

export function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
