// Node 12 must be able to read this file: no newer syntax, no newer modules.
import { setFlagsFromString } from 'v8';

/** Major versions of Node.js whose V8 was seen to take these settings; another one might print that it does not. */
const [OLDEST, NEWEST] = [20, 24];

/**
 * Keeps this process small, to be called first. What a run makes is short-lived; V8 lets its young generation grow to
 * 32 MB (of Node.js 24: 64 MB) before it collects that, and with it the pieces that came from the network, which are
 * not counted there. The parser of HTTP is WebAssembly, whose optimizing takes 38 MB and a second for nothing that
 * can be noticed. Measured in docs/decisions/0013.
 */
export function keepHeapLean(node = process.versions.node): void {
  if (!isTried(node)) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--liftoff-only');
}

function isTried(node: string): boolean {
  const major = Number(node.split('.')[0]);
  return major >= OLDEST && major <= NEWEST;
}
