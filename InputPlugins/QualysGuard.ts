import { access, constants } from 'node:fs/promises';
import type { Options } from '../src/options.ts';
import type { ConfigKeyName } from '../src/config/config-keys.ts';
import type { QualysConfig } from '../src/config/qualys-config.ts';
import type { AddressSet } from '../src/conversion/address-set.ts';
import type { Check } from '../src/check.ts';
import type { InputContext, InputPlugin, OpenInput, PreparedInput } from '../src/input-plugin.ts';
import type { Log } from '../src/log/log.ts';

const DEFAULT_FILE = 'InputPlugins/QualysGuard.yaml';

/** Qualys report → command units: one input for each report template, or one for the file of -report. */
export const qualysGuard: InputPlugin = {
  name: 'QualysGuard',
  description: 'Imports QualysGuard vulnerability reports',
  info: 'Downloads the report of a template from Qualys and sends its hosts and vulnerabilities.',
  parameters: [
    { key: 'plugininfo', text: `path of the YAML file with account and template (default: ${DEFAULT_FILE})` },
  ],
  prepare,
};

async function prepare(options: Options, log: Log): Promise<PreparedInput[]> {
  const config = await readConfig(options, log);
  const { AddressSet: Addresses } = await import('../src/conversion/address-set.ts');
  // One set for all templates: a host that comes again adds to what an earlier template of this run put there.
  const addresses = new Addresses();
  if (options.report !== undefined) return [await reportFileInput(options.report, config, addresses)];
  if (options.multiinfo === undefined) {
    return [templateInput(config, config.templateId ?? '', undefined, addresses)];
  }
  const { parseTemplateIds } = await import('../src/config/template-ids.ts');
  return parseTemplateIds(options.multiinfo).map((id) => templateInput(config, id, id, addresses));
}

async function readConfig(options: Options, log: Log): Promise<QualysConfig> {
  const [{ readQualysConfig }, { permissionWarning }] = await Promise.all([
    import('../src/config/read-qualys-config.ts'),
    import('../src/files/permissions.ts'),
  ]);
  const config = await readQualysConfig(options.plugininfo ?? DEFAULT_FILE, requiredKeys(options));
  if (options.report !== undefined) return config;
  const warning = config.password || config.proxyPassword ? permissionWarning(config.file) : undefined;
  if (warning !== undefined) log.warning('secret.readable', warning);
  const { qualysPassword } = await import('../src/config/qualys-password.ts');
  return { ...config, password: await qualysPassword(config, log) };
}

/** The password may come from elsewhere; a report from disk needs no account at all. */
function requiredKeys({ report, multiinfo }: Options): ConfigKeyName[] {
  if (report !== undefined) return [];
  return multiinfo === undefined ? ['user_id', 'template_id'] : ['user_id'];
}

function templateInput(
  config: QualysConfig,
  id: string,
  template: string | undefined,
  addresses: AddressSet,
): PreparedInput {
  const ours = { ...config, templateId: id };
  return {
    label: `template ${id}`,
    template,
    async *checks(context) {
      const { checkQualys } = await import('../src/qualys/check-qualys.ts');
      yield* checkQualys(ours, context);
    },
    async open(context) {
      const { downloadReport } = await import('../src/qualys/download-report.ts');
      const report = await downloadReport(ours, context);
      return openReport(report.path, config, context, addresses, () => report.remove());
    },
  };
}

async function reportFileInput(
  path: string,
  config: QualysConfig,
  addresses: AddressSet,
): Promise<PreparedInput> {
  // A wrong path is told before anything else is done.
  await access(path, constants.R_OK).catch(async (error: unknown) => {
    const { UnreadableReportError } = await import('../src/report/errors.ts');
    throw new UnreadableReportError(path, error as Error);
  });
  return {
    label: `report ${path}`,
    template: undefined,
    checks: () => reportFileChecks(path),
    open: (context) => openReport(path, config, context, addresses, () => Promise.resolve()),
  };
}

async function* reportFileChecks(path: string): AsyncGenerator<Check> {
  yield await Promise.resolve({ name: 'report file', ok: true, detail: path });
}

async function openReport(
  path: string,
  config: QualysConfig,
  context: InputContext,
  addresses: AddressSet,
  close: () => Promise<void>,
): Promise<OpenInput> {
  const [{ convertReport }, { emptyConversionCounts }] = await Promise.all([
    import('../src/conversion/convert-report.ts'),
    import('../src/conversion/counts.ts'),
  ]);
  const counts = emptyConversionCounts();
  const report = convertReport(path, { ...context, config: config.conversion, counts, addresses });
  return { commands: report.commands, ofHosts: () => report.ofHosts(), counts, close };
}
