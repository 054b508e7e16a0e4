import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { CutError } from '../xml/cutting/cut-error.ts';
import { Cutter } from '../xml/cutting/cutter.ts';
import { CuttingWindow, LONGEST_ELEMENT } from '../xml/cutting/window.ts';
import { FindingList } from '../records/finding-list.ts';
import { HostList } from '../records/host-list.ts';
import type { Records, Wanted } from '../records/records.ts';
import {
  EndlessElementError,
  InternalSubsetError,
  MalformedReportError,
  ReportIsErrorError,
  TruncatedReportError,
} from './errors.ts';
import { type ReportFile, withReportFile } from './report-file.ts';
import { type ReportParts, reportPlan } from './report-plan.ts';
import { HEAD_SIZE, openTextSource, type TextSource } from './text-source.ts';
import { oneLine } from '../text/one-line.ts';
import { wrongDocument } from './wrong-document.ts';

export interface ReadOptions extends Wanted {
  readonly signal: AbortSignal;
  /** Hides the login in what Qualys says in place of a report. */
  readonly veil: (text: string) => string;
  /** Bytes asked of the file at once. */
  readonly pieceSize?: number;
}

const PIECE_SIZE = 256 * 1024;

/**
 * Reads the ASSET_DATA_REPORT in a file to its end. No part of it is given before all of it is known to be there.
 * @throws the errors of errors.ts, and the signal's reason when it is aborted
 */
export async function readReport(file: ReportFile, options: ReadOptions): Promise<Records> {
  const parts: ReportParts = {
    findings: new FindingList(),
    hosts: new HostList(),
    header: { template: '', generated: '' },
    error: undefined,
  };
  try {
    return await withReportFile(file, async (descriptor, name) => {
      const invalidBytes = await cutInto(parts, descriptor, name, options);
      if (parts.error !== undefined) {
        throw new ReportIsErrorError(name, oneLine(options.veil(parts.error), 300));
      }
      return records(parts, invalidBytes);
    });
  } catch (error) {
    closeParts(parts);
    throw error;
  }
}

function records(parts: ReportParts, invalidBytes: number): Records {
  const template = oneLine(parts.header.template, 200);
  const generated = oneLine(parts.header.generated, 40);
  const named = template === '' ? '' : ` "${template}"`;
  return {
    title: `the report${named}${generated === '' ? '' : ` generated ${generated}`}`,
    titleFields: { template, generated },
    hostCount: parts.hosts.length,
    findingCount: parts.findings.length,
    invalidBytes,
    hosts: () => parts.hosts.withFindings(parts.findings),
    close: () => {
      closeParts(parts);
    },
  };
}

function closeParts(parts: ReportParts): void {
  parts.findings.close();
  parts.hosts.close();
}

async function cutInto(
  parts: ReportParts,
  file: number,
  path: string,
  options: ReadOptions,
): Promise<number> {
  const head = Buffer.alloc(HEAD_SIZE);
  const bytesRead = readSync(file, head, 0, HEAD_SIZE, 0);
  const pieceSize = options.pieceSize ?? PIECE_SIZE;
  const source = openTextSource(file, head.subarray(0, bytesRead), path, pieceSize);
  const cutter = new Cutter('ASSET_DATA_REPORT', reportPlan(parts, options));
  try {
    await cutAll(source, cutter, pieceSize, options.signal);
  } catch (error) {
    throw error instanceof CutError ? explained(error, file, path, cutter, options.veil) : error;
  }
  return source.invalid;
}

async function cutAll(
  source: TextSource,
  cutter: Cutter,
  pieceSize: number,
  signal: AbortSignal,
): Promise<void> {
  const window = new CuttingWindow(cutter, pieceSize);
  while (!cutter.ended) {
    // Signals and time-outs get their turn between two pieces.
    await setImmediate();
    signal.throwIfAborted();
    window.makeRoom(pieceSize + 16);
    const added = source.read(window.bytes, window.kept);
    if (added === 0) throw window.brokenOff();
    window.cut(added);
  }
}

function explained(
  error: CutError,
  file: number,
  path: string,
  cutter: Cutter,
  veil: ReadOptions['veil'],
): Error {
  if (error.reason === 'subset') return new InternalSubsetError(path);
  if (error.reason === 'endless') return new EndlessElementError(path, error.at, LONGEST_ELEMENT);
  if (cutter.openElement === undefined) return wrongDocument(path, beginning(file), error, veil);
  return error.reason === 'end'
    ? new TruncatedReportError(path, error.at, error.message)
    : new MalformedReportError(path, error.at, oneLine(error.message, 300));
}

/** What is enough to see what a document is. */
function beginning(file: number): string {
  const bytes = Buffer.alloc(65_536);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
}
