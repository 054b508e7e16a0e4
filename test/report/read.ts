import type { TestContext } from 'node:test';
import type { Finding } from '../../src/records/finding-list.ts';
import type { GlossaryEntry, Host, Records } from '../../src/records/records.ts';
import { readReport } from '../../src/report/read-report.ts';
import { reportFile } from '../support/asset-report.ts';

export interface WholeReport {
  readonly header: Records['titleFields'];
  readonly invalidBytes: number;
  readonly hosts: readonly (Omit<Host, 'findings'> & { readonly findings: readonly Finding[] })[];
  readonly glossary: readonly GlossaryEntry[];
}

/** Reads all of a report file into memory, to compare it. */
export async function readAll(path: string, pieceSize?: number): Promise<WholeReport> {
  const glossary: GlossaryEntry[] = [];
  const report = await readReport(path, {
    hostDetails: true,
    signal: new AbortController().signal,
    veil: (text) => text,
    glossaryEntry: (entry) => glossary.push(entry),
    ...(pieceSize !== undefined && { pieceSize }),
  });
  const hosts = Array.from(report.hosts(), (host) => ({ ...host, findings: [...host.findings].flat() }));
  report.close();
  return { header: report.titleFields, invalidBytes: report.invalidBytes, hosts, glossary };
}

export async function readDocument(
  t: TestContext,
  document: string | Uint8Array,
  pieceSize?: number,
): Promise<WholeReport> {
  return readAll(await reportFile(t, document), pieceSize);
}
