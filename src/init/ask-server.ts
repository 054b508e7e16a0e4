import { ConnectorError } from '../connector-error.ts';
import { parseServers } from '../management-center/connection/server-list.ts';
import { NONE } from './answer-words.ts';
import { type Address, addressesIn, type Earlier, identityOf, USUAL_PORT } from './earlier.ts';
import type { Questions } from './questions.ts';

/**
 * The Management Centers.
 * @param given by -server and -port
 * @param earlier what is proposed where nothing is given
 * @returns none: commands go to a file only
 */
export async function askServer(
  questions: Questions,
  given: { readonly server: string | undefined; readonly port: string | undefined },
  earlier?: Earlier,
): Promise<Address[]> {
  const before = earlier?.centers.map(written) ?? [];
  const answer = await questions.text({
    question: 'Management Center (name or address; several joined by commas)',
    help: `The address that this host reaches it by, with :PORT behind it where that is not ${USUAL_PORT}. "${NONE}" writes the commands to a file in place of sending them. Of several, each has a certificate file of its own, which is asked for next; they are listed under "servers" in the YAML.`,
    initial: given.server ?? (before.length > 0 ? before.join(',') : NONE),
    wrong: (text) => wrongServers(text, Number(given.port ?? USUAL_PORT)),
  });
  if (answer === NONE) return [];
  return addressesIn(answer).map(({ host, port }) => ({ host, port: port ?? given.port }));
}

function wrongServers(answer: string, usualPort: number): string | undefined {
  if (answer === NONE) return undefined;
  const seen = new Set<string>();
  try {
    for (const { host, port = String(usualPort) } of addressesIn(answer)) {
      if (Number(port) < 1 || Number(port) > 65_535) return `${port} is no port: type one from 1 to 65535.`;
      parseServers(host, { port: Number(port), ipv6: false });
      const server = identityOf({ host, port });
      if (seen.has(server)) return `${host} is named twice.`;
      seen.add(server);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return error.message;
  }
}

function written({ host, port }: Address): string {
  if (port === undefined) return host;
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}
