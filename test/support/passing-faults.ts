import type { FaultKind } from '../../src/simulators/qualys/qualys-simulator.ts';

/** What goes wrong once at any endpoint, and well at the next try. */
export const PASSING_FAULTS = [
  'reset',
  'empty',
  'page 200',
  'page 502',
  'page 503',
  'page 504',
  'garbled',
  'simple 999',
  'generic 999',
  'malformed 999',
  'simple 1960',
  'generic 1960',
  'simple 1965',
  'simple 1965 without header',
  'http 429',
  'simple 1981',
  'simple 1999',
] as const satisfies readonly FaultKind[];

/** One of each that the program treats in a way of its own. */
const DIFFERENT: ReadonlySet<FaultKind> = new Set<FaultKind>([
  // those that pass
  'reset',
  'silent',
  'empty',
  'page 200',
  'page 502',
  'page 504',
  'malformed 999',
  'simple 1960',
  'http 429',
  // those that last
  'simple 2000',
  'generic 2001',
  'simple 2003',
  'simple 2012',
  'generic 5000',
  'simple 1905',
  'page 403',
  'redirect',
]);

/**
 * The faults for an endpoint whose answers are judged by the same code as those of another one, which meets all: of those
 * that are treated alike one, or all of them with QC_TEST_FAULTS=1.
 */
export function differing<Kind extends FaultKind>(kinds: readonly Kind[]): readonly Kind[] {
  return process.env.QC_TEST_FAULTS === '1' ? kinds : kinds.filter((kind) => DIFFERENT.has(kind));
}
