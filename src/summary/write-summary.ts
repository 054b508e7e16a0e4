import { AtomicFile } from '../files/atomic-file.ts';
import type { RunSummary } from './run-summary.ts';

/** Writes the summary as JSON, whole or not at all. @throws FileWriteError */
export async function writeSummary(path: string, summary: RunSummary): Promise<void> {
  const file = await AtomicFile.create('The summary', path);
  await file.write(`${JSON.stringify(summary, null, 2)}\n`);
  await file.commit();
}
