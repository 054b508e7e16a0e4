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
