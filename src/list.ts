/** -list: what the account has. */
import { NothingToListError } from './cli/errors.ts';
import { ExitCode } from './exit-code.ts';
import { type InputPlugin, pluginOptions } from './input-plugin.ts';
import type { Log } from './log/log.ts';
import { USUAL_MAXIMUM } from './management-center/session/messages.ts';
import type { Options } from './options.ts';
import type { Print } from './print.ts';
import { noProgress } from './progress.ts';
import { harmless, harmlessJson } from './text/harmless.ts';

/** Prints a table, or with -logformat=json an object a line. @throws ConnectorError */
export async function printList(
  options: Options,
  plugin: InputPlugin,
  log: Log,
  print: Print,
): Promise<ExitCode> {
  const { list } = options;
  if (!plugin.list || list === undefined) throw new NothingToListError(plugin.name);
  const { signal } = new AbortController();
  const context = { log, progress: noProgress, signal, maximumLine: USUAL_MAXIMUM };
  const rows = await plugin.list(pluginOptions(options), list, context);
  await print(options.logformat === 'json' ? objects(rows) : table(rows));
  return ExitCode.done;
}

function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(harmless));
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return shown.map((row) => `${line(row).trimEnd()}\n`).join('');
}

function objects([names = [], ...rows]: readonly (readonly string[])[]): string {
  const objectOf = (row: readonly string[]): object =>
    Object.fromEntries(names.map((name, column) => [name.toLowerCase(), row[column] ?? '']));
  return rows.map((row) => `${harmlessJson(JSON.stringify(objectOf(row)))}\n`).join('');
}
