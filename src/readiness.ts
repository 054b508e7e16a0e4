import { type Check, checkOf, stepsOf } from './check.ts';
import { jsonLines, takesColour, textLines } from './check-lines.ts';
import { failures } from './connector-error.ts';
import { USUAL_MAXIMUM } from './management-center/session/messages.ts';
import { connector, targetOf, timeoutsOf } from './destination/management-center.ts';
import {
  type CertificateSource,
  openClientCertificate,
  type OpenedCertificate,
} from './destination/open-certificate.ts';
import { ExitCode } from './exit-code.ts';
import { refuseSharedFiles, SharedFileError } from './files/shared-files.ts';
import { type InputContext, type InputPlugin, pluginOptions, type Prepared } from './input-plugin.ts';
import { watchForInterruption } from './interruption.ts';
import type { OpenLog } from './log/open-log.ts';
import { checkCertificate } from './management-center/certificate/check-certificate.ts';
import type { ClientCertificate } from './management-center/certificate/client-certificate.ts';
import { probeManagementCenter } from './management-center/session/probe.ts';
import type { Options } from './options.ts';
import { outputChecks } from './output-checks.ts';
import { asFailure, exitCodeOf, gravest, logStack } from './outcome.ts';
import { checkProgram } from './programs/check-program.ts';
import type { Print } from './print.ts';
import { noProgress } from './progress.ts';
import { serversOf } from './servers.ts';
import { summarise, writeSummary } from './summary/run-summary.ts';

/**
 * -test: is everything ready? Prints a line for each step, and imports and generates nothing; the summary has the steps.
 * @returns 0 when all is well, else the gravest failure's code
 */
export async function testReadiness(
  options: Options,
  plugin: InputPlugin,
  log: OpenLog,
  print: Print,
): Promise<ExitCode> {
  const started = new Date();
  const interruption = watchForInterruption(log, options.logfile !== undefined);
  const { signal } = interruption;
  const lines =
    options.logformat === 'json'
      ? jsonLines(() => new Date())
      : textLines(takesColour(process.stdout, process.env));
  const checks: Check[] = [];
  const troubles: unknown[] = [];
  const fail = async (error: unknown): Promise<void> => {
    troubles.push(error);
    logStack(log, error);
    await print(lines.failure(asFailure(error)));
  };
  const work = async (): Promise<void> => {
    const context = { log, progress: noProgress, signal, maximumLine: USUAL_MAXIMUM };
    const steps = allChecks(options, plugin, context);
    for (
      let step = await limited(steps.next(), signal);
      !step.done;
      step = await limited(steps.next(), signal)
    ) {
      checks.push(step.value);
      await print(lines.step(step.value));
    }
    signal.throwIfAborted();
  };
  const exitCode = (): ExitCode =>
    gravest([...troubles.map(exitCodeOf), checks.every(({ ok }) => ok) ? ExitCode.done : ExitCode.failed]);
  await Promise.race([interruption.deadEnd, work()]).catch(fail);
  // A summary that would destroy what is read is not written.
  if (options.summary !== undefined && !troubles.some((error) => error instanceof SharedFileError)) {
    const result = { started, finished: new Date(), exitCode: exitCode(), error: troubles[0], transfers: [] };
    const summary = { ...summarise({ ...result, destinations: [] }), checks };
    await writeSummary(options.summary, summary).catch(fail);
  }
  interruption.stop();
  if (troubles.length === 0) await print(lines.end(checks));
  return exitCode();
}

/** Milliseconds of a step: its own limits are shorter, but a pipe in the place of a file has none. */
const STEP_LIMIT = 600_000;

const StepTooLongError = failures(ExitCode.failed)('QC1405', () => [
  `A step of -test was not done in ${STEP_LIMIT / 60_000} minutes.`,
  'See whether a pipe or a disk that does not answer stands where a file should.',
]);

/** Ends in time, and with the signal, also where the step heeds neither: nothing of it needs tidying up. */
function limited<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(STEP_LIMIT)]);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      reject(signal.aborted ? (signal.reason as Error) : new StepTooLongError());
    };
    limit.addEventListener('abort', end, { once: true });
    step.then(resolve, reject);
  });
}

async function* allChecks(
  options: Options,
  plugin: InputPlugin,
  context: InputContext,
): AsyncGenerator<Check> {
  let prepared: Prepared | undefined;
  const configuration = await checkOf('configuration', async () => {
    prepared = await plugin.prepare(pluginOptions(options));
    return prepared.inputs.map((input) => input.label).join(', ');
  });
  yield configuration;
  const { summary, csvfile } = options;
  await refuseSharedFiles({ '-summary': summary, '-csvfile': csvfile }, prepared?.reads ?? {});
  for (const remark of prepared?.remarks ?? []) context.log.warning('secret.command', remark);
  const warnings = prepared?.warnings ?? [];
  if (configuration.ok && warnings.length === 0) {
    yield {
      name: 'permissions',
      ok: true,
      detail: 'the configuration is not open to everybody on this host',
    };
  }
  yield* permissionFailures(warnings);
  const source = {
    configFile: plugin.configFile(options),
    passwordCommand: prepared?.certificatePassword,
    opened: new Map(),
  };
  yield* destinationChecks(options, prepared?.servers, source, context);
  yield* outputChecks(options);
  const notice = options.onfailure || !prepared ? undefined : await plugin.command?.(options, 'notice');
  if (notice) yield await checkOf('on_failure', () => checkProgram('on_failure', notice));
  if (prepared) yield* prepared.checks(context);
}

function* permissionFailures(warnings: readonly string[]): Generator<Check> {
  for (const detail of warnings) yield { name: 'permissions', ok: false, detail };
}

/** With neither -server nor -csvfile the source is tested alone. */
async function* destinationChecks(
  options: Options,
  listed: Prepared['servers'] = [],
  source: CertificateSource,
  context: InputContext,
): AsyncGenerator<Check> {
  const { csvfile, server, pkcs12 } = options;
  const isNamed = server !== undefined || (csvfile === undefined && listed.length > 0);
  if (!isNamed && pkcs12 === undefined) return;
  const servers = serversOf({ ...options, csvfile: undefined }, isNamed ? listed : []);
  for (const one of servers) {
    const steps = managementCenterChecks(one.options, source, context);
    yield* stepsOf(servers.length > 1 ? one.name : undefined, steps);
  }
}

async function* managementCenterChecks(
  options: Options,
  source: CertificateSource,
  context: InputContext,
): AsyncGenerator<Check> {
  let opened: OpenedCertificate | undefined;
  const open = async (): Promise<ClientCertificate> =>
    (opened = await openClientCertificate(options, source)).certificate;
  yield* checkCertificate(open);
  if (!opened) return;
  const { certificate, warnings, remark } = opened;
  if (remark !== undefined) context.log.warning('secret.command', remark);
  for (const warning of certificate.warnings) context.log.warning('certificate.warning', warning);
  yield* permissionFailures(warnings);
  if (options.server === undefined) return;
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
