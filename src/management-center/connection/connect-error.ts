import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import type { Target } from './target.ts';

/** Every failure to connect begins with the original's words. */
abstract class ConnectError extends ConnectorError {
  constructor(
    code: ConnectorError['code'],
    { server, port }: Target,
    reason: string,
    whatToDo: string,
    cause?: unknown,
  ) {
    const whatHappened = `Can not Connect to Server: '${server}' on port '${port}': ${reason}.`;
    super(code, ExitCode.usageOrUnreachable, whatHappened, whatToDo, { cause });
  }
}

export class NameNotResolvedError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    const kind = target.ipv6 ? 'no IPv6 address' : 'no address';
    super(
      'QC5101',
      target,
      `the name has ${kind}`,
      'Check the spelling, or give the address with -server=.',
      cause,
    );
  }
}

export class NameServerError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5102',
      target,
      'no name server answered for its name',
      "Check this host's name servers (/etc/resolv.conf), or give the address with -server=.",
      cause,
    );
  }
}

export class ConnectionRefusedError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5103',
      target,
      'the connection was refused',
      'Check address and port, that a host input client is registered there (System > Integration > Host Input ' +
        'Client opens the port), and firewalls on the way.',
      cause,
    );
  }
}

export class UnreachableError extends ConnectError {
  /** @param reason the system's word, e.g. EHOSTUNREACH */
  constructor(target: Target, reason: string, cause?: unknown) {
    super(
      'QC5104',
      target,
      `it cannot be reached from this host (${reason})`,
      'Check the address, the routing, and firewalls on the way and here.',
      cause,
    );
  }
}

export class ConnectTimeoutError extends ConnectError {
  constructor(target: Target, seconds: number) {
    super(
      'QC5105',
      target,
      `nothing answered within ${seconds} s`,
      'Check the address, the routing and firewalls on the way; -connecttimeout= waits longer.',
    );
  }
}

export class HandshakeTimeoutError extends ConnectError {
  constructor(target: Target, seconds: number) {
    super(
      'QC5106',
      target,
      `it accepts connections but did not finish the TLS handshake within ${seconds} s`,
      'Check that this is the port of the host input service (8307); -handshaketimeout= waits longer.',
    );
  }
}

export class HandshakeBrokenError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5107',
      target,
      'it ended the connection during the TLS handshake',
      'Check that this is the port of the host input service (8307), and firewalls on the way that inspect TLS.',
      cause,
    );
  }
}

export class NotTlsError extends ConnectError {
  constructor(target: Target, cause?: unknown) {
    super(
      'QC5108',
      target,
      'what answers there does not speak TLS',
      'Check the port: the host input service listens on 8307.',
      cause,
    );
  }
}

export class TlsMismatchError extends ConnectError {
  /** @param reason OpenSSL's words, e.g. `unsupported protocol` */
  constructor(target: Target, reason: string, legacyTls: boolean, cause?: unknown) {
    super(
      'QC5109',
      target,
      `there is no TLS version or cipher that both sides accept (${reason})`,
      legacyTls
        ? 'Even -legacytls (TLS 1.0 and old ciphers) does not help: check that this is the Management Center.'
        : 'TLS 1.2 is the least by default; for an old defense center, -legacytls allows TLS 1.0 and old ciphers.',
      cause,
    );
  }
}

export class TlsFailedError extends ConnectError {
  constructor(target: Target, reason: string, cause?: unknown) {
    super(
      'QC5110',
      target,
      `the TLS handshake failed (${reason})`,
      'Check that this is the port of the host input service (8307).',
      cause,
    );
  }
}
