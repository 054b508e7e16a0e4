/** The YAML that is read unless -plugininfo names another; seen from the current directory. */
export const DEFAULT_FILE = 'InputPlugins/QualysGuard.yaml';
