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
 * Where the function was called that called `called`: `src/run.ts,42`, the TypeScript file (from the package's folder)
 * and line. What `called` calls is left out of the search. Costs some microseconds.
 */
export function callerOf(called: (...values: never[]) => unknown): string {
  const [, site] = callSitesAbove(called, 2);
  const url = site?.getFileName() ?? undefined;
  if (site === undefined || url === undefined) return 'unknown,0';
  return sourcePlace(url, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
}

/** An error's stack, with the TypeScript file and line wherever it names a compiled one. */
export function sourceStack(stack: string): string {
  return stack.replaceAll(
    /(file:\/\/[^\s()]+|\/[^\s():]+):(\d+):(\d+)/g,
    (_place, url: string, line, column) => sourcePlace(url, Number(line), Number(column)),
  );
}

function sourcePlace(url: string, line: number, column: number): string {
  const key = `${url}:${line}:${column}`;
  const place = known.get(key) ?? findPlace(url, line, column);
  known.set(key, place);
  return place;
}

function callSitesAbove(called: (...values: never[]) => unknown, count: number): readonly NodeJS.CallSite[] {
  const before = {
    prepareStackTrace: Reflect.get(Error, 'prepareStackTrace') as unknown,
    stackTraceLimit: Error.stackTraceLimit,
  };
  const holder: { stack?: NodeJS.CallSite[] } = {};
  Error.stackTraceLimit = count;
  Error.prepareStackTrace = (_error, sites) => sites;
  try {
    Error.captureStackTrace(holder, called);
    return holder.stack ?? [];
  } finally {
    Object.assign(Error, before);
  }
}

function findPlace(url: string, line: number, column: number): string {
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
