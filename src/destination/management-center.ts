import type { Options } from '../options.ts';
import type { Log } from '../log/log.ts';
import type { ClientCertificate } from '../management-center/certificate/client-certificate.ts';
import { connectTls } from '../management-center/connection/connect.ts';
import { probeManagementCenter, type ProbeResult } from '../management-center/session/probe.ts';
import type { Connect, SessionTimeouts } from '../management-center/session/session.ts';
import { parseTarget, type Target } from '../management-center/connection/target.ts';
import { trustFrom } from '../management-center/connection/trust.ts';
import type { Delivered } from './adding.ts';
import { managementCenterSink } from './dispatch.ts';
import { type CertificateSource, type OpenedCertificate, openClientCertificate } from './open-certificate.ts';
import { UnsentFile, unsentPath } from './unsent-file.ts';
import type { Destination } from './destination.ts';

/**
 * The Management Center, whose certificate file is opened and which is asked for its maximum size: what is wrong
 * there is told now, not after an hour's download. Nothing is imported by that.
 */
export async function managementCenterDestination(
  options: Options,
  source: CertificateSource,
  log: Log,
  signal: AbortSignal,
): Promise<Destination> {
  const target = targetOf(options);
  const opened = await openClientCertificate(options, source);
  if (options.pkcs12 === undefined) log.info('certificate.found', `Found ${opened.certificate.file}`);
  tellOf(opened, log);
  const { certificate } = opened;
  const connect = connector(target, certificate, options, log);
  const timeouts = timeoutsOf(options);
  log.info('server.connecting', `Connecting to Management Center : ${target.server}`);
  const { longestLine } = await probe(connect, timeouts, log, signal);
  const delivered: Delivered = new Set();
  const unsentFile = new UnsentFile(unsentPath(), delivered);
  return {
    name: nameOf(target),
    validity: certificate,
    maximumLine: longestLine,
    file: () => undefined,
    delivered,
    sink: (template) =>
      managementCenterSink({
        connect,
        timeouts,
        retries: options.retries,
        unsentFile,
        delivered: template === undefined ? undefined : delivered,
      }),
  };
}

function tellOf({ certificate, warnings, remark }: OpenedCertificate, log: Log): void {
  if (remark !== undefined) log.warning('secret.command', remark);
  for (const warning of warnings) log.warning('secret.readable', warning);
  for (const warning of certificate.warnings) log.warning('certificate.warning', warning);
  const { subject, issuer, title = 'none', validFrom, validTo } = certificate;
  log.debug('certificate.opened', `Certificate: ${subject}; issued by ${issuer}`);
  log.debug(
    'certificate.validity',
    `Certificate title: ${title}; valid from ${validFrom.toISOString()} to ${validTo.toISOString()}`,
  );
}

function nameOf({ server, port }: Target): string {
  return `${server}:${port}`;
}

export function targetOf(options: Options): Target {
  return parseTarget(options.server ?? '', options.port, options.ipv6);
}

/** Makes connections to the target that are trusted as the options say. */
export function connector(
  target: Target,
  certificate: ClientCertificate,
  options: Options,
  log: Log,
): Connect {
  const trust = trustFrom(options, certificate, log);
  return (signal) =>
    connectTls(target, certificate, trust, {
      connectTimeout: options.connecttimeout,
      handshakeTimeout: options.handshaketimeout,
      legacyTls: options.legacytls,
      signal,
    });
}

export function timeoutsOf(options: Options): SessionTimeouts {
  return { handshake: options.handshaketimeout * 1000, reply: options.replytimeout * 1000 };
}

async function probe(
  connect: Connect,
  timeouts: SessionTimeouts,
  log: Log,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const result = await probeManagementCenter(connect, timeouts, signal);
  log.debug(
    'server.ready',
    `MAX Size Received: ${result.maximumSize} (${result.tlsVersion}, ${result.milliseconds} ms)`,
  );
  return result;
}
