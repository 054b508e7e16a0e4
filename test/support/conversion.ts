import type { TestContext } from 'node:test';
import { DEFAULTS } from '../../src/config/keys.ts';
import type { ConversionConfig } from '../../src/conversion/conversion-config.ts';
import type { CommandPart, OnSilentHost } from '../../src/host-input/command-stream.ts';
import { type ConversionCounts, emptyConversionCounts, hostsToConvert } from '../../src/conversion/counts.ts';
import { Conversion, type Source } from '../../src/conversion/convert-records.ts';
import type { LogLevel } from '../../src/log/log.ts';
import { readReport } from '../../src/report/read-report.ts';
import { reportFile } from './asset-report.ts';
import { recordingLog } from './recording-log.ts';

/** The report in a file as what is converted. */
export function reportSource(file: string, signal = new AbortController().signal): Source {
  return {
    name: 'Report',
    read: (wanted) => readReport(file, { ...wanted, signal, veil: (text) => text }),
  };
}

/** What the shipped YAML says. */
export const defaultConversion: ConversionConfig = DEFAULTS;

export interface Converted {
  readonly parts: readonly CommandPart[];
  readonly lines: readonly string[];
  readonly counts: ConversionCounts;
  /** Each message with its level's name in front. */
  readonly messages: readonly string[];
  readonly ofHosts: number | undefined;
}

export interface ConversionTest extends Partial<ConversionConfig> {
  readonly maximumLine?: number;
  readonly level?: LogLevel;
  readonly detailed?: boolean;
  readonly onSilentHost?: OnSilentHost;
}

/** Converts a document as a run would. */
export async function convert(
  t: TestContext,
  document: string | Uint8Array,
  { maximumLine = 65_536, level = 2, detailed, onSilentHost, ...config }: ConversionTest = {},
): Promise<Converted> {
  const log = recordingLog(level);
  const counts = emptyConversionCounts();
  const commands = new Conversion(reportSource(await reportFile(t, document)), {
    // The tests' documents grow older; how old does not matter to most.
    config: { ...defaultConversion, maxReportAge: 1_000_000, ...config },
    maximumLine,
    log,
    signal: new AbortController().signal,
    veil: (text) => text,
    detailed,
  }).commands(counts, { onSilentHost });
  const parts: CommandPart[] = [];
  for await (const batch of commands) {
    parts.push(...batch);
  }
  const lines = parts.flatMap((part) => part.text.split('\n').slice(0, -1));
  return { parts, lines, counts, messages: log.lines, ofHosts: hostsToConvert(counts) };
}
