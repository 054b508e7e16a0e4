import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** Whatever ends: a test, a suite, or, as node:test's own `after` has it, all tests of a file. */
export interface Owner {
  after(undo: () => void | Promise<void>): void;
}

/** A directory of the test's own, or of the file's unless told whose; it is removed when that ends. */
export async function temporaryDirectory(owner: Owner = { after }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'qualys-connector-test-'));
  owner.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
