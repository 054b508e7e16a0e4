import { statSync } from 'node:fs';
import { readRegular } from '../files/read-bounded.ts';
import { isMissing, systemReason } from '../files/system-reason.ts';
import { tryFile, writeFile } from '../files/whole-file.ts';
import type { Log } from '../log/log.ts';
import { expositionOf, type SeriesValues, valuesIn } from './exposition.ts';
import { type MeasuredRun, metricsOf } from './metrics.ts';

const WHAT = 'The file of metrics';
/** The collector runs as a user of its own, and there is nothing in it but counts. */
const READABLE = 0o644;
/** Bytes: a run of a thousand templates writes less. */
const LARGEST = 4_194_304;

/** Makes its folder, and sees whether it could be written. @throws FileWriteError */
export function tryMetrics(path: string): Promise<void> {
  return tryFile(WHAT, path);
}

/** Writes the counts for Prometheus, whole or not at all. @throws FileWriteError */
export function writeMetrics(path: string, runs: readonly MeasuredRun[], log: Log): Promise<void> {
  return writeFile(WHAT, path, expositionOf(metricsOf(runs, valuesOf(path, log))), READABLE);
}

/** What the run before wrote; what cannot be read is told, and taken for nothing. */
function valuesOf(path: string, log: Log): SeriesValues {
  let trouble = 'it is damaged, or not of this program';
  try {
    if (!statSync(path).isFile()) return new Map();
    const values = valuesIn(readRegular(path, LARGEST).toString());
    if (values) return values;
  } catch (error) {
    if (isMissing(error)) return new Map();
    trouble = systemReason(error);
  }
  log.warning(
    'metrics.unreadable',
    `When the last success was is not known from now on: what ${path} held cannot be read: ${trouble}`,
    { file: path },
  );
  return new Map();
}
