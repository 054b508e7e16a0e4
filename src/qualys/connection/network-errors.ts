import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import { PLATFORM_HOSTS } from './platforms.ts';

/** The name of the Qualys server has no address. */
export class QualysHostNotFound extends ConnectorError {
  constructor(host: string, options?: ErrorOptions) {
    super(
      'QC3001',
      ExitCode.failed,
      `The Qualys server "${host}" was not found: the name has no address.`,
      `Check qualys_server (spelling, platform) and the DNS of this machine; where only a proxy may look names up, set proxy. The API servers are: ${PLATFORM_HOSTS.join(', ')}.`,
      options,
    );
  }
}

/** No connection to the Qualys server came into being: refused, no route, no answer. */
export class QualysUnreachable extends ConnectorError {
  constructor(host: string, why: string, options?: ErrorOptions) {
    super(
      'QC3002',
      ExitCode.failed,
      `No connection to Qualys at ${host}: ${why}.`,
      `Check that this machine may reach port 443 of ${host} (firewall, routing), or set proxy if the way leads through one.`,
      options,
    );
  }
}

/** The server's certificate is not signed by an authority that is trusted, or is not made for its name. */
export class QualysNotTrusted extends ConnectorError {
  constructor(host: string, why: string, options?: ErrorOptions) {
    super(
      'QC3003',
      ExitCode.failed,
      `The certificate that ${host} showed is not trusted: ${why}.`,
      `If a proxy or firewall on the way opens TLS, name its authority's PEM file in qualys_ca (or NODE_EXTRA_CA_CERTS); otherwise check qualys_server and this machine's clock.`,
      options,
    );
  }
}

/** TLS failed for another reason than trust. */
export class QualysTlsFailed extends ConnectorError {
  constructor(host: string, why: string, options?: ErrorOptions) {
    super(
      'QC3004',
      ExitCode.failed,
      `No TLS connection to ${host} could be agreed on: ${why}.`,
      `Check that qualys_server names a server that speaks TLS 1.2 or later on this port, and that nothing on the way meddles.`,
      options,
    );
  }
}

/** The file named by qualys_ca cannot be read or holds no certificate. */
export class AuthorityFileUnusable extends ConnectorError {
  constructor(file: string, why: string, options?: ErrorOptions) {
    super(
      'QC3005',
      ExitCode.failed,
      `The authorities in ${file} (qualys_ca) cannot be used: ${why}.`,
      'Name a readable PEM file with one or more certificates (-----BEGIN CERTIFICATE-----).',
      options,
    );
  }
}

/** qualys_server names the web interface or the gateway of a platform. */
export class NotAnApiHost extends ConnectorError {
  constructor(host: string, apiHost: string) {
    super(
      'QC3006',
      ExitCode.failed,
      `qualys_server is ${host}, which is not an API server of Qualys.`,
      `Set qualys_server to ${apiHost}.`,
    );
  }
}

/** Something answered, but not the Qualys API: a web page, a redirection, an unknown path. */
export class NotTheQualysApi extends ConnectorError {
  constructor(host: string, answered: string) {
    super(
      'QC3007',
      ExitCode.failed,
      `${host} does not answer as the Qualys API does: ${answered}.`,
      `Check that qualys_server is your platform's API server (${PLATFORM_HOSTS[0]}, for example) and that no proxy or login page stands in between.`,
    );
  }
}

/** The connection broke, or Qualys fell silent, again and again. */
export class QualysConnectionLost extends ConnectorError {
  constructor(host: string, why: string, options?: ErrorOptions) {
    super(
      'QC3008',
      ExitCode.failed,
      `The connection to ${host} broke: ${why}.`,
      'Check the network and what lies between (proxy, firewall with a short idle time); then run again.',
      options,
    );
  }
}
