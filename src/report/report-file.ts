import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { UnreadableReportError } from './errors.ts';

/** A report on disk: its path, or a file that is open already and stays so, with what messages call it. */
export type ReportFile = string | { readonly name: string; readonly descriptor: number };

/** Does something with the open file. @throws UnreadableReportError for what the system says of it, and what `work` throws */
export async function withReportFile<T>(
  file: ReportFile,
  work: (descriptor: number, name: string) => Promise<T>,
): Promise<T> {
  const name = typeof file === 'string' ? file : file.name;
  let opened: number | undefined;
  try {
    if (typeof file !== 'string') return await work(file.descriptor, name);
    opened = openRegular(file);
    return await work(opened, name);
  } catch (error) {
    throw isSystemError(error) ? new UnreadableReportError(name, error) : error;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** A report is read at its places, which a pipe does not have; and nobody may ever write to it. */
function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const status = fstatSync(file);
  if (status.isFile() || status.isDirectory()) return file;
  closeSync(file);
  throw new UnreadableReportError(path, new Error('it is a pipe or a device; save it as a file'));
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
