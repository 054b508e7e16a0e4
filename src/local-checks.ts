/** -check: what is wrong that can be seen without the network, all at once. */
import { dirname } from 'node:path';
import { type Check, checkOf, stepsOf } from './check.ts';
import { jsonLines, takesColour, textLines } from './check-lines.ts';
import type { ConnectorError } from './connector-error.ts';
import { openClientCertificate } from './destination/open-certificate.ts';
import { ExitCode } from './exit-code.ts';
import { type InputPlugin, pluginOptions } from './input-plugin.ts';
import type { Log } from './log/log.ts';
import { checkCertificate } from './management-center/certificate/check-certificate.ts';
import { findCertificateFile } from './management-center/certificate/find.ts';
import { USUAL_MAXIMUM } from './management-center/session/messages.ts';
import type { Options } from './options.ts';
import { outputChecks } from './output-checks.ts';
import { refuseOutputsThatAreRead } from './outputs.ts';
import type { Print } from './print.ts';
import { noProgress } from './progress.ts';
import { type Server, serversOf } from './servers.ts';

/** The command line as far as it is sound, and what is wrong with the rest. */
export interface CheckedCommandLine {
  readonly options: Options;
  readonly plugin: InputPlugin | undefined;
  readonly faults: readonly ConnectorError[];
}

/** Prints a line for each step. @returns 2 where one failed, else 0 */
export async function checkLocally(line: CheckedCommandLine, log: Log, print: Print): Promise<ExitCode> {
  const lines =
    line.options.logformat === 'json'
      ? jsonLines(() => new Date())
      : textLines(takesColour(process.stdout, process.env));
  const checks: Check[] = [];
  for await (const check of allChecks(line, log)) {
    checks.push(check);
    await print(lines.step(check));
  }
  await print(lines.end(checks, 'nothing is wrong that can be seen without the network'));
  return checks.every(({ ok }) => ok) ? ExitCode.done : ExitCode.failed;
}

async function* allChecks({ options, plugin, faults }: CheckedCommandLine, log: Log): AsyncGenerator<Check> {
  for (const { message } of faults) yield { name: 'command line', ok: false, detail: message };
  if (faults.length === 0) {
    yield { name: 'command line', ok: true, detail: `for the plugin ${options.plugin}` };
  }
  if (plugin) {
    const { signal } = new AbortController();
    const context = { log, progress: noProgress, signal, maximumLine: USUAL_MAXIMUM };
    yield* plugin.checkLocally(pluginOptions(options), context);
    yield* certificateChecks(options, plugin);
    yield* sharedAndOutputChecks(options, plugin);
  }
}

async function* certificateChecks(options: Options, plugin: InputPlugin): AsyncGenerator<Check> {
  const { server, csvfile, pkcs12 } = options;
  const listed = (await plugin.servers?.(pluginOptions(options))) ?? [];
  const isNamed = server !== undefined || (csvfile === undefined && listed.length > 0);
  if (!isNamed && pkcs12 === undefined) return;
  let servers: readonly Server[] = [];
  const named = await checkOf('Management Centers', () => {
    servers = serversOf({ ...options, csvfile: undefined }, isNamed ? listed : []);
    return servers.map(({ name }) => name).join(', ');
  });
  if (!named.ok || servers.length > 1) yield named;
  for (const one of servers) {
    yield* stepsOf(servers.length > 1 ? one.name : undefined, certificateCheck(one.options, plugin));
  }
}

async function* certificateCheck(options: Options, plugin: InputPlugin): AsyncGenerator<Check> {
  const configFile = plugin.configFile(options);
  const isGiven = options.password !== undefined || options.passwordfile !== undefined;
  if (!isGiven && (await plugin.command?.(options, 'certificate'))) {
    yield await checkOf('certificate file', async () => {
      const path = options.pkcs12 ?? (await findCertificateFile(['.', dirname(configFile)]));
      return `${path}: not opened, since a command gives its password`;
    });
    return;
  }
  yield* checkCertificate(async () => (await openClientCertificate(options, { configFile })).certificate);
}

async function* sharedAndOutputChecks(options: Options, plugin: InputPlugin): AsyncGenerator<Check> {
  const shared = await checkOf('outputs', async () => {
    await refuseOutputsThatAreRead(options, plugin);
    return 'none of them is read too';
  });
  if (!shared.ok) yield shared;
  yield* outputChecks(options);
}
