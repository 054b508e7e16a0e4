import type { Options } from '../src/cli/options.ts';
import type { QualysConfig } from '../src/config/qualys-config.ts';
import type { InputPlugin, PreparedInput } from '../src/input-plugin.ts';
import type { Log } from '../src/log/log.ts';

const DEFAULT_FILE = 'InputPlugins/QualysGuard.yaml';

/** Qualys report → command units: one input for each report template, or the report file of -report. */
export const qualysGuard: InputPlugin = {
  name: 'QualysGuard',
  description: 'Imports QualysGuard vulnerability reports',
  info: 'Downloads the report of a template from Qualys and sends its hosts and vulnerabilities.',
  parameters: [
    { key: 'plugininfo', text: `path of the YAML file with account and template (default: ${DEFAULT_FILE})` },
  ],

  async prepare(options, log) {
    const config = await readConfig(options, log);
    const { AddressSet } = await import('../src/host-input/address-set.ts');
    // One set for all templates: a host that comes again adds to what an earlier template of this run put there.
    const addresses = new AddressSet();
    if (options.report !== undefined) return [reportFileInput(options.report, config, addresses)];
    return templateConfigs(options, config).map((one) =>
      templateInput(one, options.multiinfo !== undefined, addresses),
    );
  },
};
