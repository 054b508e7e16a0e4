/** The Management Centers that a run delivers to. */
import { failures } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import { FingerprintOfSeveralError } from './management-center/connection/errors.ts';
import { type ListedServer, parseServers } from './management-center/connection/server-list.ts';
import type { Options } from './options.ts';
import { serverOf } from './run-lock.ts';

/** One of them; with -csvfile the file stands for it. */
export interface Server {
  /** `host:port` as it was written, or the path of the CSV file: in messages, in the summary and in the metrics. */
  readonly name: string;
  /** The options as if there were no other. */
  readonly options: Options;
  /** The domain that hosts are put into; undefined: the configuration's. */
  readonly domain: string | undefined;
}

const ServerTwiceError = failures(ExitCode.failed)('QC1042', (name: string, other: string) => [
  `${name} and ${other} are the same Management Center.`,
  'Name it once.',
]);

/**
 * What -server names; else what the configuration lists; one without an address where neither is given. What the
 * configuration says of an address and port that -server names holds too.
 * @throws FingerprintOfSeveralError, ServerTwiceError
 */
export function serversOf(options: Options, listed: readonly ListedServer[] = []): Server[] {
  const { csvfile, server, port, ipv6, fingerprint } = options;
  if (csvfile !== undefined) return [{ name: csvfile, options, domain: undefined }];
  const withPort = (one: ListedServer): Named => ({ ...one, port: one.port ?? port });
  const known = new Map(listed.map(withPort).map((one) => [keyOf(one), one]));
  const named =
    server === undefined
      ? listed.map(withPort)
      : parseServers(server, { port, ipv6 })
          .map(withPort)
          .map((one) => ({ ...known.get(keyOf(one)), ...one }));
  refuseTwice(named);
  if (fingerprint !== undefined && named.length > 1) throw new FingerprintOfSeveralError();
  if (named.length === 0) return [{ name: `:${port}`, options, domain: undefined }];
  return named.map((one) => ({
    name: `${one.address}:${one.port}`,
    options: optionsFor(one, options),
    domain: one.domain,
  }));
}

type Named = ListedServer & { readonly port: number };

function keyOf({ address, port }: Named): string {
  return serverOf({ server: address, port });
}

function refuseTwice(servers: readonly Named[]): void {
  const seen = new Map<string, Named>();
  for (const server of servers) {
    const other = seen.get(keyOf(server));
    if (other) throw new ServerTwiceError(other.address, server.address);
    seen.set(keyOf(server), server);
  }
}

function optionsFor({ address, port, pkcs12, passwordFile, fingerprint }: Named, options: Options): Options {
  return {
    ...options,
    server: address,
    port,
    pkcs12: pkcs12 ?? options.pkcs12,
    passwordfile: passwordFile ?? options.passwordfile,
    fingerprint: fingerprint ?? options.fingerprint,
  };
}
