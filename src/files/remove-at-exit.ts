import { rmSync } from 'node:fs';

const doomed = new Set<string>();

function removeAll(): void {
  for (const path of doomed) rmSync(path, { recursive: true, force: true });
}

/**
 * Sees to it that a file or directory is removed when the process exits, whatever the way (but SIGKILL).
 * @returns takes the promise back
 */
export function removeAtExit(path: string): () => void {
  if (doomed.size === 0) process.on('exit', removeAll);
  doomed.add(path);
  return () => {
    doomed.delete(path);
    if (doomed.size === 0) process.off('exit', removeAll);
  };
}
