/** The environment's variables that mean something to this program, in the words of the manual page. */
export const ENVIRONMENT: readonly (readonly [names: string, meaning: string])[] = [
  ['PKCS12_PASSWORD', 'The password of the certificate file. -password and -passwordfile outweigh it.'],
  ['QUALYS_PASSWORD', "The password of the Qualys user, in place of the YAML file's."],
  ['QUALYS_CLIENT_SECRET', "The secret of the OAuth client, in place of the YAML file's."],
  ['HTTPS_PROXY, NO_PROXY', 'The proxy on the way to Qualys, where the YAML file names none.'],
  [
    'HTTPS_PROXY_USERNAME, HTTPS_PROXY_PASSWORD',
    'The login for the proxy, where neither the YAML file nor the URL has one.',
  ],
  ['NODE_EXTRA_CA_CERTS', 'A PEM file with further authorities to trust for Qualys.'],
  ['TMPDIR', 'Where reports are kept while they are read, where report_dir in the YAML file says nothing.'],
  [
    'XDG_CACHE_HOME',
    'Where qualys-connector/ with what is known of QIDs lies, where kb_cache in the YAML file says nothing.',
  ],
  ['NO_COLOR', 'When set, progress and -test on a terminal are shown without colour.'],
  ['QUALYS_CONNECTOR_SYSLOG_SOCKET', 'Where the system log listens, if not at the usual place.'],
];

/** Of these, the ones that hold nothing but a secret. */
const SECRET_VARIABLES: readonly string[] = [
  'PKCS12_PASSWORD',
  'QUALYS_PASSWORD',
  'QUALYS_CLIENT_SECRET',
  'HTTPS_PROXY_PASSWORD',
];

/** What programs get that are run by the user's wish: everything but our secrets. */
export function environmentForPrograms(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_VARIABLES.includes(name)));
}
