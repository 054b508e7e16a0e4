import { access, constants } from 'node:fs/promises';
import { DEFAULT_FILE } from '../src/config/default-file.ts';
import { describeKey, KEYS, NAMED_KEYS } from '../src/config/keys.ts';
import type { QualysLogin } from '../src/config/qualys-login.ts';
import type { QualysConfig } from '../src/config/read-qualys-config.ts';
import { rulesOf } from '../src/config/rules.ts';
import { type Check, checkOf } from '../src/check.ts';
import type { CommandStream } from '../src/host-input/command-stream.ts';
import type { Source } from '../src/conversion/convert-records.ts';
import type {
  InputContext,
  InputPlugin,
  OpenInput,
  Prepared,
  PreparedInput,
  PluginOptions,
} from '../src/input-plugin.ts';
import type { DetectionAccess, QualysAccess, ReportAccount } from '../src/qualys/access.ts';
import type { AccountLists } from '../src/qualys/list-account.ts';
import type { DownloadedReport } from '../src/qualys/download-report.ts';
import type { ListedServer } from '../src/management-center/connection/server-list.ts';
import type { DetectionCounts } from '../src/records/detection-counts.ts';
import type { ReportFile } from '../src/report/report-file.ts';

/** Qualys report → command units: one input for each report template, or one for the file of -report. */
export const qualysGuard: InputPlugin = {
  name: 'QualysGuard',
  description: 'Imports QualysGuard vulnerability reports',
  info: 'Downloads the report of a template from Qualys and sends its hosts and vulnerabilities.',
  parameters: [
    { key: 'plugininfo', text: `path of the YAML file with account and template (default: ${DEFAULT_FILE})` },
    ...NAMED_KEYS.map(([, key]) => ({ key: key.name, text: describeKey(key) })),
  ],
  configFile,
  prepare,
  checkLocally,
  list,
  async command(options, purpose) {
    const { readCommand } = await import('../src/config/read-qualys-config.ts');
    return readCommand(configFile(options), purpose === 'notice' ? 'onFailure' : 'pkcs12PasswordCommand');
  },
  async servers(options) {
    const { readServers } = await import('../src/config/read-qualys-config.ts');
    return readServers(configFile(options));
  },
};

function configFile({ plugininfo = DEFAULT_FILE }: PluginOptions): string {
  return plugininfo;
}

async function prepare(options: PluginOptions): Promise<Prepared> {
  const [{ readQualysConfig, refuseScope, refuseTemplates }, { parseTemplateIds }] = await Promise.all([
    import('../src/config/read-qualys-config.ts'),
    import('../src/config/template-ids.ts'),
  ]);
  const file = configFile(options);
  if (options.report !== undefined) {
    // A report from disk needs no account at all.
    const { report } = options;
    const config = await readQualysConfig(file, []);
    refuseScope(config);
    return {
      inputs: [await reportFileInput(report, config)],
      checks: () => reportFileChecks(report),
      reads: readBy(config),
      servers: serversIn(config),
      warnings: [],
      certificatePassword: certificatePassword(config),
    };
  }
  if (options.multiinfo === undefined) {
    const config = await readQualysConfig(file, ['userId', 'templateId']);
    const { shared, scope, told } = await sharedBy(config);
    const { templateId = '' } = config;
    const access = { ...config, ...shared, templateId };
    const ofDetections = config.source === 'detection';
    return {
      inputs: [ofDetections ? detectionInput(access, scope) : templateInput(access, scope, undefined)],
      checks: (context) =>
        ofDetections ? detectionChecks(access, context) : templateChecks(access, [templateId], context),
      reads: readBy(config),
      servers: serversIn(config),
      ...told,
    };
  }
  const ids = parseTemplateIds(options.multiinfo);
  const config = await readQualysConfig(file, ['userId']);
  refuseTemplates(config);
  const { shared, scope, told } = await sharedBy(config);
  const access = { ...config, ...shared };
  return {
    inputs: ids.map((id) => templateInput({ ...access, templateId: id }, scope, id)),
    checks: (context) => templateChecks(access, ids, context),
    reads: readBy(config),
    servers: serversIn(config),
    ...told,
  };
}

function readBy({ qualysCa, passwordFile, clientSecretFile, kevFile }: QualysConfig): Prepared['reads'] {
  return {
    qualys_ca: qualysCa,
    password_file: passwordFile,
    client_secret_file: clientSecretFile,
    kev_file: kevFile,
  };
}

/** What is wrong with one was told when the file was read. */
function serversIn({ servers = [] }: QualysConfig): ListedServer[] {
  return servers.filter((server) => typeof server !== 'string');
}

async function list(
  options: PluginOptions,
  what: keyof AccountLists,
  { log, signal }: InputContext,
): Promise<string[][]> {
  const [{ readQualysConfig }, { listAccount }] = await Promise.all([
    import('../src/config/read-qualys-config.ts'),
    import('../src/qualys/list-account.ts'),
  ]);
  const config = await readQualysConfig(configFile(options), ['userId']);
  const { shared } = await sharedBy(config);
  return listAccount({ ...config, ...shared }, what, { log, signal });
}

async function* checkLocally(options: PluginOptions): AsyncGenerator<Check> {
  const [
    { readQualysConfig, refuseScope },
    { parseTemplateIds },
    { checkConfigLocally },
    { trustAuthorities },
  ] = await Promise.all([
    import('../src/config/read-qualys-config.ts'),
    import('../src/config/template-ids.ts'),
    import('../src/config/local-checks.ts'),
    import('../src/qualys/connection/trusted-authorities.ts'),
  ]);
  const { report, multiinfo } = options;
  if (multiinfo !== undefined) {
    yield await checkOf('template ids', () => parseTemplateIds(multiinfo).join(', '));
  }
  if (report !== undefined) {
    yield await checkOf('report file', async () => {
      await refuseUnreadable(report);
      return report;
    });
  }
  let config: QualysConfig | undefined;
  yield await checkOf('configuration', async () => {
    const file = configFile(options);
    const login = report === undefined ? (['userId'] as const) : [];
    const template = report === undefined && multiinfo === undefined ? (['templateId'] as const) : [];
    config = await readQualysConfig(file, [...login, ...template]);
    if (report !== undefined) refuseScope(config);
    return file;
  });
  if (!config) return;
  yield* checkConfigLocally(config, report === undefined);
  const { qualysCa } = config;
  if (qualysCa === undefined) return;
  yield await checkOf('qualys_ca', () => {
    trustAuthorities(qualysCa);
    return qualysCa;
  });
}

/** What all downloads of the run have in common: the login, what is found out about Qualys, the hosts in words. */
async function sharedBy(config: QualysConfig) {
  const [{ qualysLogin }, versions, { scopeWords }] = await Promise.all([
    import('../src/config/qualys-login.ts'),
    import('../src/qualys/answers/api-versions.ts'),
    import('../src/qualys/scope.ts'),
  ]);
  const { login, proxyPassword, warnings, remarks } = await qualysLogin(config);
  const { ApiVersions, DETECTION_API, KNOWLEDGE_BASE_API, REPORT_API } = versions;
  const shared = {
    login,
    proxyPassword,
    tokens: {},
    reportVersions: new ApiVersions(REPORT_API, config.apiVersion),
    detectionVersions: new ApiVersions(DETECTION_API, config.detectionApiVersion),
    kbVersions: new ApiVersions(KNOWLEDGE_BASE_API, config.kbApiVersion),
  };
  return {
    shared,
    scope: scopeWords(config),
    told: { warnings, remarks, certificatePassword: certificatePassword(config) },
  };
}

/** Only when it is needed, and only by whoever opens that file, is the command run. */
function certificatePassword({
  pkcs12PasswordCommand: words,
}: QualysConfig): Prepared['certificatePassword'] {
  const key = KEYS.pkcs12PasswordCommand.name;
  return words && { words, key, what: 'the password of the certificate file' };
}

/** @param template its id, where there are several */
function templateInput(access: QualysAccess, scope: string, template: string | undefined): PreparedInput {
  return {
    label: `template ${access.templateId}${scope === '' ? '' : ` (${scope})`}`,
    templateId: access.templateId,
    template,
    ...memoryRules(access),
    async open(context) {
      const { downloadReport } = await import('../src/qualys/download-report.ts');
      const report = await downloadReport(access, context);
      const settings = { config: access, login: access.login };
      const open = await openReport(report, settings, context, () => report.close());
      return access.reuseMinutes === 0 ? open : settling(open, report, context.signal);
    },
  };
}

/** Also settles what stays in Qualys when it is known what became of its data. What cannot be read is of no use again. */
function settling(
  open: OpenInput,
  { reused, settle }: Pick<DownloadedReport, 'reused' | 'settle'>,
  signal: AbortSignal,
): OpenInput {
  let isUnreadable = false;
  async function* watched(commands: CommandStream): CommandStream {
    try {
      yield* commands;
    } catch (error) {
      isUnreadable = !signal.aborted && !(await isOfThisHost(error));
      throw error;
    }
  }
  return {
    ...open,
    read(options) {
      const reading = open.read(options);
      return { ...reading, commands: watched(reading.commands) };
    },
    reused,
    async close(isDelivered = false) {
      await open.close(isDelivered);
      await settle(isDelivered || isUnreadable);
    },
  };
}

/** Whether the disk here is what is wrong: the next run may have better luck with the same report. */
async function isOfThisHost(error: unknown): Promise<boolean> {
  const [{ SpillError }, { UnreadableReportError }] = await Promise.all([
    import('../src/records/errors.ts'),
    import('../src/report/errors.ts'),
  ]);
  return error instanceof SpillError || error instanceof UnreadableReportError;
}

/** All hosts of the scope, from Qualys' host detections. */
function detectionInput(access: DetectionAccess, scope: string): PreparedInput {
  let counts: DetectionCounts | undefined;
  return {
    label: `detections (${scope === '' ? 'all hosts' : scope})`,
    template: undefined,
    ...memoryRules(access),
    detection: () => counts,
    async open(context) {
      const [{ readDetections }, { noDetectionCounts }, conversion] = await Promise.all([
        import('../src/qualys/read-detections.ts'),
        import('../src/records/detection-counts.ts'),
        import('../src/conversion/convert-records.ts'),
      ]);
      const hostDetails = conversion.wantsHostDetails(access, context.detailed);
      const detections = await readDetections(access, {
        ...context,
        hostDetails,
        counts: (counts = noDetectionCounts()),
      });
      const source: Source = {
        name: 'Detection',
        read: (wanted) => Promise.resolve(detections.records(wanted)),
      };
      return openSource(source, { config: access, login: access.login }, context, () => {
        detections.close();
        return Promise.resolve();
      });
    },
  };
}

async function* detectionChecks(access: DetectionAccess, context: InputContext): AsyncGenerator<Check> {
  const { checkDetections } = await import('../src/qualys/check-detections.ts');
  yield* checkDetections(access, context);
}

/** What the state is bound to, and how it is used. */
function memoryRules(config: QualysConfig): Pick<PreparedInput, 'rules' | 'changeRules'> {
  const { fullEveryDays, clearGoneHosts, goneLimit } = config;
  return { rules: rulesOf(config), changeRules: { fullEveryDays, clearGoneHosts, goneLimit } };
}

async function* templateChecks(
  access: ReportAccount,
  ids: readonly string[],
  context: InputContext,
): AsyncGenerator<Check> {
  const { checkQualys } = await import('../src/qualys/check.ts');
  yield* checkQualys(access, ids, context);
}

/** A wrong path is told before anything else is done. */
async function refuseUnreadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch(async (error: unknown) => {
    const { UnreadableReportError } = await import('../src/report/errors.ts');
    throw new UnreadableReportError(path, error as Error);
  });
}

async function reportFileInput(path: string, config: QualysConfig): Promise<PreparedInput> {
  await refuseUnreadable(path);
  return {
    label: `report ${path}`,
    template: undefined,
    ...memoryRules(config),
    open: (context) => openReport(path, { config, login: loginIn(config) }, context, () => Promise.resolve()),
  };
}

async function* reportFileChecks(path: string): AsyncGenerator<Check> {
  yield await Promise.resolve({ name: 'report file', ok: true, detail: path });
}

/** A login as far as it is known. */
interface WrittenLogin {
  readonly name: string | undefined;
  readonly secret: QualysLogin['secret'] | undefined;
}

/** The login of a YAML with which nobody logs in. */
function loginIn({ userId, password, clientId, clientSecret }: QualysConfig): WrittenLogin {
  return { name: clientId ?? userId, secret: clientSecret ?? password };
}

interface Settings {
  readonly config: QualysConfig;
  readonly login: WrittenLogin;
}

async function openReport(
  file: ReportFile,
  settings: Settings,
  context: InputContext,
  close: () => Promise<void>,
): Promise<OpenInput> {
  const { readReport } = await import('../src/report/read-report.ts');
  const veil = await veilOf(settings.login);
  const source: Source = {
    name: 'Report',
    read: (wanted) => readReport(file, { ...wanted, signal: context.signal, veil }),
  };
  return openSource(source, settings, context, close);
}

async function openSource(
  source: Source,
  { config, login }: Settings,
  context: InputContext,
  close: () => Promise<void>,
): Promise<OpenInput> {
  const [{ Conversion }, { emptyConversionCounts, hostsToConvert }] = await Promise.all([
    import('../src/conversion/convert-records.ts'),
    import('../src/conversion/counts.ts'),
  ]);
  const veil = await veilOf(login);
  const conversion = new Conversion(source, { ...context, config, veil });
  return {
    read(options) {
      const counts = emptyConversionCounts();
      const commands = conversion.commands(counts, options);
      return { commands, ofHosts: () => hostsToConvert(counts), counts };
    },
    async close() {
      await conversion.close();
      await close();
    },
  };
}

async function veilOf({ name, secret }: WrittenLogin): Promise<(text: string) => string> {
  const { makeVeil } = await import('../src/qualys/connection/veil.ts');
  return makeVeil(name && secret ? [{ user: name, password: secret.reveal() }] : []);
}
