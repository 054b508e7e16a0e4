/** The code of its one sentence. */
const NO_NODE = 'QC1403';

/**
 * A command in the top folder of a release: for the shell, which finds Node.js where the short PATH of cron does not
 * lead, and for Node.js itself, which takes the Perl connector's `.pl` where package.json says CommonJS. A Perl that is
 * given the file hands it over to the shell, by its first line.
 * @param module seen from the top folder, e.g. `dist/bin/qualys_connector.js`
 * @param oldest the least version of Node.js
 */
export function launcher(module: string, oldest: string): string {
  return `#!/bin/sh
':' /*
# The shell reads this, and the rest is for Node.js. None is taken from the current directory.
for node in "$(command -v node)" /usr/local/bin/node /usr/bin/node /opt/homebrew/bin/node; do
  case "$node" in /*) [ -x "$node" ] && exec "$node" "$0" "$@" ;; esac
done
echo "Node.js is not here, and $0 needs ${oldest} or later. Install it, or put its directory into PATH. [${NO_NODE}]" >&2
exit 2
*/
import('./${module}');
`;
}
