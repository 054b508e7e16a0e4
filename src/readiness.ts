import type { Check } from './check.ts';
import { ConnectorError } from './connector-error.ts';
import { USUAL_MAXIMUM } from './management-center/session/messages.ts';
import { connector, targetOf, timeoutsOf } from './destination/management-center.ts';
import { openClientCertificate, type OpenedCertificate } from './destination/open-certificate.ts';
import { ExitCode } from './exit-code.ts';
import { type InputContext, type InputPlugin, type PreparedInput, pluginOptions } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import type { OpenLog } from './log/open-log.ts';
import { checkCertificate } from './management-center/certificate/check-certificate.ts';
import type { ClientCertificate } from './management-center/certificate/client-certificate.ts';
import { probeManagementCenter } from './management-center/session/probe.ts';
import type { Options } from './options.ts';
import { asFailure, gravest, logStack } from './outcome.ts';
import { print } from './print.ts';
import { noProgress } from './progress.ts';
import { harmless } from './text/harmless.ts';

/**
 * -test: is everything ready? Prints a line for each step, and imports and generates nothing.
 * @returns 0 when all is well, else the gravest failure's code
 */
export async function testReadiness(options: Options, plugin: InputPlugin, log: OpenLog): Promise<ExitCode> {
  const interruption = watchForInterruption(log, options.logfile !== undefined);
  const { signal } = interruption;
  const codes: ExitCode[] = [];
  const work = async (): Promise<void> => {
    const context = { log, progress: noProgress, signal, maximumLine: USUAL_MAXIMUM };
    for await (const check of allChecks(options, plugin, context)) {
      await show(`${check.ok ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(28)}  ${check.detail}`);
      if (!check.ok) codes.push(ExitCode.failed);
    }
    signal.throwIfAborted();
  };
  try {
    await Promise.race([interruption.deadEnd, work()]);
  } catch (error) {
    const { message, exitCode } = asFailure(error);
    await show(message);
    logStack(log, error);
    codes.push(exitCode);
  } finally {
    interruption.stop();
  }
  return gravest(codes);
}

/** Line by line; what servers say in them does no harm to a terminal. */
function show(text: string): Promise<void> {
  return print(`${text.split('\n').map(harmless).join('\n')}\n`);
}

async function* allChecks(
  options: Options,
  plugin: InputPlugin,
  context: InputContext,
): AsyncGenerator<Check> {
  const inputs: PreparedInput[] = [];
  const warnings: string[] = [];
  const configuration = await checkOf('configuration', async () => {
    const prepared = await plugin.prepare(pluginOptions(options));
    inputs.push(...prepared.inputs);
    warnings.push(...prepared.warnings);
    return inputs.map((input) => input.label).join(', ');
  });
  yield configuration;
  if (configuration.ok && warnings.length === 0) {
    yield {
      name: 'permissions',
      ok: true,
      detail: 'the configuration is not open to everybody on this host',
    };
  }
  yield* permissionFailures(warnings);
  if (options.server !== undefined) {
    yield* managementCenterChecks(options, plugin.configFile(options), context);
  }
  for (const input of inputs) yield* input.checks(context);
}

function* permissionFailures(warnings: readonly string[]): Generator<Check> {
  for (const detail of warnings) yield { name: 'permissions', ok: false, detail };
}

async function* managementCenterChecks(
  options: Options,
  configFile: string,
  context: InputContext,
): AsyncGenerator<Check> {
  let opened: OpenedCertificate | undefined;
  const open = async (): Promise<ClientCertificate> =>
    (opened = await openClientCertificate(options, configFile)).certificate;
  yield* checkCertificate(open);
  if (!opened) return;
  const { certificate, warnings } = opened;
  for (const warning of certificate.warnings) context.log.warning('certificate.warning', warning);
  yield* permissionFailures(warnings);
  yield await checkOf('Management Center', async () => {
    const target = targetOf(options);
    const connect = connector(target, certificate, options, context.log);
    const found = await probeManagementCenter(connect, timeoutsOf(options), context.signal);
    return (
      `${target.server}:${target.port} answers, ${found.tlsVersion}, ${trustOf(options, certificate)}, accepts the ` +
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
