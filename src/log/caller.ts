import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json; compiled files lie three below it (dist/src/log). */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Parsing a source map and looking into it is dear: each place that logs is worked out once. */
const known = new Map<string, string>();
const maps = new Map<string, SourceMap | undefined>();

/**
 * Where a function was called: `src/run.ts,42`, the TypeScript file (from the package's folder) and line.
 * `called` and what it calls are left out of the search. Costs some microseconds.
 */
export function callerOf(called: (...values: never[]) => unknown): string {
  const site = callSiteAbove(called);
  const url = site?.getFileName() ?? undefined;
  if (site === undefined || url === undefined) return 'unknown,0';
  const line = site.getLineNumber() ?? 1;
  const column = site.getColumnNumber() ?? 1;
  const key = `${url}:${line}:${column}`;
  const place = known.get(key) ?? sourcePlace(url, line, column);
  known.set(key, place);
  return place;
}

function callSiteAbove(called: (...values: never[]) => unknown): NodeJS.CallSite | undefined {
  const before = {
    prepareStackTrace: Reflect.get(Error, 'prepareStackTrace') as unknown,
    stackTraceLimit: Error.stackTraceLimit,
  };
  const holder: { stack?: NodeJS.CallSite[] } = {};
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    Error.captureStackTrace(holder, called);
    return holder.stack?.[0];
  } finally {
    Object.assign(Error, before);
  }
}

function sourcePlace(url: string, line: number, column: number): string {
  const file = url.startsWith('file:') ? fileURLToPath(url) : url;
  const entry = sourceMapOf(file)?.findEntry(line - 1, column - 1);
  const short = relative(ROOT, file);
  if (entry === undefined || !('originalLine' in entry)) return `${short},${line}`;
  return `${short.replace(/^dist\//, '').replace(/\.js$/, '.ts')},${entry.originalLine + 1}`;
}

function sourceMapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readSourceMap(`${file}.map`));
  return maps.get(file);
}

/** Undefined where a file has no map: the compiled line is told then. */
function readSourceMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
