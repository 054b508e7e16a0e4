import { type FailureOptions, failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import type { Peer } from './peer.ts';
import { PLATFORM_HOSTS } from './platforms.ts';

const failure = failures(ExitCode.failed);

function about({ address, port }: Peer, cause?: unknown): FailureOptions {
  return { address, port, cause };
}

/** The name of the Qualys server has no address. */
export const QualysHostNotFoundError = failure('QC3001', (server: Peer, cause: unknown) => [
  `The Qualys server "${server.name}" was not found: the name has no address.`,
  `Check ${server.setting} (spelling, platform) and the DNS of this machine; where only a proxy may look names up, set proxy. The API servers are: ${PLATFORM_HOSTS.join(', ')}.`,
  about(server, cause),
]);

/** No connection to the Qualys server came into being: refused, no route, no answer. */
export const QualysUnreachableError = failure('QC3002', (server: Peer, why: string, cause: unknown) => [
  `No connection to Qualys at ${server.name}: ${why}.`,
  `Check that this machine may reach port ${server.port} of ${server.address} (firewall, routing), or set proxy if the way leads through one.`,
  about(server, cause),
]);

/** The server's certificate is not signed by an authority that is trusted, or is not made for its name. */
export const QualysNotTrustedError = failure('QC3003', (server: Peer, why: string, cause: unknown) => [
  `The certificate that ${server.name} showed is not trusted: ${why}.`,
  `If a proxy or firewall on the way opens TLS, name its authority's PEM file in qualys_ca (or NODE_EXTRA_CA_CERTS); otherwise check ${server.setting} and this machine's clock.`,
  about(server, cause),
]);

/** TLS failed for another reason than trust. */
export const QualysTlsFailedError = failure('QC3004', (server: Peer, why: string, cause: unknown) => [
  `No TLS connection to ${server.name} could be agreed on: ${why}.`,
  `Check that ${server.setting} names a server that speaks TLS 1.2 or later on this port, and that nothing on the way meddles.`,
  about(server, cause),
]);

/** The file named by qualys_ca cannot be read or holds no certificate. */
export const AuthorityFileUnusableError = failure('QC3005', (file: string, why: string, cause?: unknown) => [
  `The authorities in ${file} (qualys_ca) cannot be used: ${why}.`,
  'Name a readable PEM file with one or more certificates (-----BEGIN CERTIFICATE-----).',
  { cause },
]);

/** qualys_server names the web interface or the gateway of a platform. */
export const NotAnApiHostError = failure('QC3006', (host: string, apiHost: string) => [
  `qualys_server is ${host}, which is not an API server of Qualys.`,
  `Set qualys_server to ${apiHost}.`,
]);

/** Something answered, but not the Qualys API: a web page, a redirection, an unknown path. */
export const NotTheQualysApiError = failure('QC3007', (server: Peer, answered: string) => [
  `${server.name} does not answer as the Qualys API does: ${answered}.`,
  `Check that qualys_server is your platform's API server (${PLATFORM_HOSTS[0]}, for example) and that no proxy or login page stands in between.`,
  about(server),
]);

/** The connection broke, or Qualys fell silent, again and again. */
export const QualysConnectionLostError = failure('QC3008', (server: Peer, why: string, cause?: unknown) => [
  `The connection to ${server.name} broke: ${why}.`,
  'Check the network and what lies between (proxy, firewall with a short idle time); then run again.',
  about(server, cause),
]);

/** The proxy wants a user and password, or refuses the ones it got (407). */
export const ProxyLoginRefusedError = failure('QC3011', (proxy: Peer, credentialsSent: boolean) => [
  credentialsSent
    ? `The proxy ${proxy.name} refused its user or password (407 Proxy Authentication Required).`
    : `The proxy ${proxy.name} wants a user and password (407 Proxy Authentication Required).`,
  'Set proxy_user and proxy_password. This is the proxy, not Qualys; it must accept Basic authentication.',
  about(proxy),
]);

/** No connection to the proxy itself. */
export const ProxyUnreachableError = failure('QC3012', (proxy: Peer, why: string, cause: unknown) => [
  `No connection to the proxy ${proxy.name}: ${why}.`,
  'Check proxy (or HTTPS_PROXY in the environment): host, port and http:// or https://.',
  about(proxy, cause),
]);

/** The proxy answered, but makes no tunnel to Qualys. */
export const ProxyTunnelRefusedError = failure('QC3013', (proxy: Peer, server: Peer, status: number) => [
  `The proxy ${proxy.name} makes no connection to ${server.name}: it answered CONNECT with HTTP ${status}.`,
  status === 502 || status === 503 || status === 504
    ? `The proxy itself does not reach ${server.name}: check qualys_server, and the proxy's DNS and way out.`
    : `Ask the proxy's administrator to allow CONNECT to ${server.name}.`,
  about(proxy),
]);

/** The TLS certificate of an https:// proxy is not trusted, or TLS with it fails. */
export const ProxyNotTrustedError = failure('QC3014', (proxy: Peer, why: string, cause: unknown) => [
  `TLS with the proxy ${proxy.name} failed: ${why}.`,
  "Name the PEM file of the proxy's authority in qualys_ca (or NODE_EXTRA_CA_CERTS), or use http:// for a proxy that speaks no TLS.",
  about(proxy, cause),
]);

/** The proxy setting is not a URL of a proxy that can be used. */
export const ProxyUrlInvalidError = failure('QC3015', (source: string) => [
  `The proxy in ${source} is not a URL that can be used.`,
  'Write it as http://host:port or https://host:port.',
]);

/** The gateway, which gives OAuth tokens, is neither named nor to be derived. */
export const GatewayUnknownError = failure('QC3016', (server: string) => [
  `With client_id a token is fetched from your platform's gateway, which cannot be told from qualys_server ${server}.`,
  'Set gateway, e.g. gateway.qg2.apps.qualys.com, or qualysgateway.<base> of a private platform.',
]);

/** Something answered, but no gateway of Qualys. */
export const NotTheGatewayError = failure('QC3017', (gateway: Peer, answered: string) => [
  `${gateway.name} does not answer as a Qualys gateway does: ${answered}.`,
  "Check that gateway is your platform's gateway and that no proxy or login page stands in between.",
  about(gateway),
]);

/** The gateway keeps failing. */
export const GatewayFailingError = failure('QC3018', (gateway: Peer, said: string) => [
  `The Qualys gateway ${gateway.name} fails: ${said}.`,
  'Wait for Qualys to recover (status.qualys.com), then run again.',
  about(gateway),
]);

/** The gateway gives the OAuth client no token. */
export const OAuthClientRefusedError = failure('QC3028', (gateway: Peer, said: string) => [
  `The Qualys gateway ${gateway.name} gives this OAuth client no token: ${said}.`,
  'Check client_id, client_secret and client_level (user or subscription) against My Profile, Auth ID Client Management, in Qualys, and that the client belongs to this platform.',
  about(gateway),
]);

/** A body ended too early, again and again. */
export const ReportCutOffError = failure('QC3039', (why: string, cause?: unknown) => [
  `The document came cut off: ${why}.`,
  'Check for a proxy or firewall that limits the size or time of downloads; then run again.',
  { cause },
]);
