import { ConnectorError } from '../connector-error.ts';
import { isList, parseServers } from '../management-center/connection/server-list.ts';
import { option } from './commands.ts';
import type { Questions } from './questions.ts';

const NONE = 'none';
const USUAL_PORT = 8307;

const ONE_CERTIFICATE =
  'One certificate file is asked for here, for all of them. Where each has its own, list them under "servers" in the YAML afterwards, and leave out -server (docs/scheduling.md).';

/**
 * The Management Centers.
 * @param given by -server and -port
 * @returns the options that name them; undefined: commands go to a file only
 */
export async function askServer(
  questions: Questions,
  given: { readonly server: string | undefined; readonly port: string | undefined },
): Promise<string[] | undefined> {
  const answer = await questions.text({
    question: 'Management Center (name or address; several joined by commas)',
    help: `The address that this host reaches it by, with :PORT behind it where that is not ${USUAL_PORT}. "${NONE}" writes the commands to a file in place of sending them. Several have one certificate file here; where each has its own, name one here, then list all under "servers" in the YAML and leave out -server (docs/scheduling.md).`,
    initial: given.server ?? NONE,
    wrong: wrongServers,
  });
  if (answer === NONE) return undefined;
  const all = answer.replaceAll(/\s/g, '');
  if (isList(all)) questions.say(ONE_CERTIFICATE);
  const { host, port } = isList(all) ? { host: all } : parted(all);
  return [...option('server', host), ...option('port', port ?? given.port)];
}

function wrongServers(answer: string): string | undefined {
  if (answer === NONE) return undefined;
  const { host, port = String(USUAL_PORT) } = isList(answer) ? { host: answer } : parted(answer);
  if (Number(port) < 1 || Number(port) > 65_535) return `${port} is no port: type one from 1 to 65535.`;
  try {
    parseServers(host, { port: Number(port), ipv6: false });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return error.message;
  }
}

/** `name:8307` and `[2001:db8::1]:8307` in their parts; what has no port stays as it is. */
function parted(server: string): { readonly host: string; readonly port: string | undefined } {
  const [, host, port] = /^(\[[^\]]*\]|[^:]+):(\d{1,5})$/.exec(server) ?? [];
  return { host: host ?? server, port };
}
