import { ConnectorError } from '../connector-error.ts';
import { parseTarget } from '../management-center/connection/target.ts';
import { option } from './commands.ts';
import type { Questions } from './questions.ts';

const NONE = 'none';
const USUAL_PORT = 8307;

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
    help: `The address that this host reaches it by, with :PORT behind it where that is not ${USUAL_PORT}. "${NONE}" writes the commands to a file in place of sending them.`,
    initial: given.server ?? NONE,
    wrong: wrongServers,
  });
  if (answer === NONE) return undefined;
  const [only, ...others] = answer.split(',').map((server) => server.trim());
  const all = answer.replaceAll(/\s/g, '');
  if (others.length > 0) return [...option('server', all), ...option('port', given.port)];
  const { host, port } = parted(only ?? '');
  return [...option('server', host), ...option('port', port ?? given.port)];
}

function wrongServers(answer: string): string | undefined {
  if (answer === NONE) return undefined;
  for (const server of answer.split(',')) {
    const { host, port = String(USUAL_PORT) } = parted(server.trim());
    if (Number(port) < 1 || Number(port) > 65_535) return `${port} is no port: type one from 1 to 65535.`;
    try {
      parseTarget(host, Number(port), false);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return error.message;
    }
  }
  return undefined;
}

/** `name:8307` and `[2001:db8::1]:8307` in their parts; what has no port stays as it is. */
function parted(server: string): { readonly host: string; readonly port: string | undefined } {
  const [, host, port] = /^(\[[^\]]*\]|[^:]+):(\d{1,5})$/.exec(server) ?? [];
  return { host: host ?? server, port };
}
