import type { Options } from './options.ts';
import { ConnectorError } from './connector-error.ts';
import { openClientCertificate } from './destination/open-certificate.ts';
import { USUAL_MAXIMUM } from './destination/destination.ts';
import { connector, targetOf, timeoutsOf } from './destination/management-center.ts';
import { ExitCode } from './exit-code.ts';
import type { Check } from './check.ts';
import type { InputContext, InputPlugin, PreparedInput } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import { harmless } from './text/harmless.ts';
import type { Log } from './log/log.ts';
import type { ClientCertificate } from './management-center/certificate/client-certificate.ts';
import { checkCertificate } from './management-center/certificate/check-certificate.ts';
import { probeManagementCenter } from './management-center/session/probe.ts';
import { exitCodeOf, gravest } from './outcome.ts';
import { noProgress } from './progress.ts';

/**
 * -test: is everything ready? Prints a line for each step, and imports and generates nothing.
 * @returns 0 when all is well, else the gravest failure's code
 */
export async function testReadiness(options: Options, plugin: InputPlugin, log: Log): Promise<ExitCode> {
  const interruption = watchForInterruption(log, options.logfile !== undefined);
  const readable: string[] = [];
  const context = {
    log: withoutReadable(log, readable),
    progress: noProgress,
    signal: interruption.signal,
    maximumLine: USUAL_MAXIMUM,
  };
  const codes: ExitCode[] = [];
  try {
    for await (const check of allChecks(options, plugin, context, readable)) {
      print(`${check.ok ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(28)}  ${check.detail}`);
      if (!check.ok) codes.push(ExitCode.failed);
    }
    context.signal.throwIfAborted();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    print(error.message);
    codes.push(exitCodeOf(error));
  }
  interruption.stop();
  return gravest(codes);
}

/** Line by line; what servers say in them does no harm to a terminal. */
function print(text: string): void {
  for (const line of text.split('\n')) process.stdout.write(`${harmless(line)}\n`);
}

/**
 * What a run warns of, files with secrets that everybody can read, is a line of the test instead; what it tells on its
 * way, the lines of the test say.
 */
function withoutReadable(log: Log, readable: string[]): Log {
  return {
    ...log,
    info: () => undefined,
    warning: (event, message, fields) => {
      if (event === 'secret.readable') readable.push(message);
      else log.warning(event, message, fields);
    },
  };
}

async function* allChecks(
  options: Options,
  plugin: InputPlugin,
  context: InputContext,
  readable: string[],
): AsyncGenerator<Check> {
  const inputs: PreparedInput[] = [];
  yield await checkOf('configuration', async () => {
    inputs.push(...(await plugin.prepare(options, context.log)));
    return inputs.map((input) => input.label).join(', ');
  });
  if (inputs.length > 0 && readable.length === 0) {
    yield {
      name: 'permissions',
      ok: true,
      detail: 'the configuration is not open to everybody on this host',
    };
  }
  yield* permissionFailures(readable);
  if (options.server !== undefined) yield* managementCenterChecks(options, context);
  // A file of -passwordfile is looked at with the certificate file.
  yield* permissionFailures(readable);
  for (const input of inputs) yield* input.checks(context);
}

function* permissionFailures(readable: string[]): Generator<Check> {
  for (const detail of readable.splice(0)) yield { name: 'permissions', ok: false, detail };
}

async function* managementCenterChecks(options: Options, context: InputContext): AsyncGenerator<Check> {
  let certificate: ClientCertificate | undefined;
  const open = async (): Promise<ClientCertificate> =>
    (certificate = await openClientCertificate(options, context.log));
  yield* checkCertificate(open);
  if (!certificate) return;
  const opened = certificate;
  yield await checkOf('Management Center', async () => {
    const target = targetOf(options);
    const connect = connector(target, opened, options, context.log);
    const found = await probeManagementCenter(connect, timeoutsOf(options), context.signal);
    return (
      `${target.server}:${target.port} answers, ${found.tlsVersion}, ${trustOf(options, opened)}, accepts the ` +
      `version, takes ${found.maximumSize} bytes a block, ${found.milliseconds} ms`
    );
  });
}

function trustOf({ fingerprint, insecure }: Options, { authorities }: ClientCertificate): string {
  if (insecure) return 'not authenticated (-insecure)';
  if (fingerprint !== undefined) return 'trusted by its fingerprint';
  return authorities.length > 0 ? 'trusted by the authority in the certificate file' : 'not authenticated';
}

/** A step as one line. */
async function checkOf(name: string, step: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await step() };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { name, ok: false, detail: error.message };
  }
}
