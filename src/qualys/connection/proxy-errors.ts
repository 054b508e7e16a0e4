import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** The proxy wants a user and password, or refuses the ones it got (407). */
export class ProxyLoginRefused extends ConnectorError {
  constructor(proxy: string, credentialsSent: boolean) {
    super(
      'QC3011',
      ExitCode.failed,
      credentialsSent
        ? `The proxy ${proxy} refused its user or password (407 Proxy Authentication Required).`
        : `The proxy ${proxy} wants a user and password (407 Proxy Authentication Required).`,
      'Set proxy_user and proxy_password. This is the proxy, not Qualys; it must accept Basic authentication.',
    );
  }
}

/** No connection to the proxy itself. */
export class ProxyUnreachable extends ConnectorError {
  constructor(proxy: string, why: string, options?: ErrorOptions) {
    super(
      'QC3012',
      ExitCode.failed,
      `No connection to the proxy ${proxy}: ${why}.`,
      'Check proxy (or HTTPS_PROXY in the environment): host, port and http:// or https://.',
      options,
    );
  }
}

/** The proxy answered, but makes no tunnel to Qualys. */
export class ProxyTunnelRefused extends ConnectorError {
  constructor(proxy: string, host: string, status: number) {
    super(
      'QC3013',
      ExitCode.failed,
      `The proxy ${proxy} makes no connection to ${host}: it answered CONNECT with HTTP ${status}.`,
      status === 502 || status === 503 || status === 504
        ? `The proxy itself does not reach ${host}: check qualys_server, and the proxy's DNS and way out.`
        : `Ask the proxy's administrator to allow CONNECT to ${host}.`,
    );
  }
}

/** The TLS certificate of an https:// proxy is not trusted, or TLS with it fails. */
export class ProxyNotTrusted extends ConnectorError {
  constructor(proxy: string, why: string, options?: ErrorOptions) {
    super(
      'QC3014',
      ExitCode.failed,
      `TLS with the proxy ${proxy} failed: ${why}.`,
      "Name the PEM file of the proxy's authority in qualys_ca (or NODE_EXTRA_CA_CERTS), or use http:// for a proxy that speaks no TLS.",
      options,
    );
  }
}

/** The proxy setting is not a URL of a proxy that can be used. */
export class ProxyUrlInvalid extends ConnectorError {
  constructor(source: string) {
    super(
      'QC3015',
      ExitCode.failed,
      `The proxy in ${source} is not a URL that can be used.`,
      'Write it as http://host:port or https://host:port.',
    );
  }
}
