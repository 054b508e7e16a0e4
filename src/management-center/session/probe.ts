import { systemClock } from '../../clock.ts';
import { type Connect, openSession, type SessionTimeouts } from './session.ts';

export interface ProbeResult {
  /** Bytes in one block, as the Management Center says. */
  readonly maximumSize: number;
  /** Bytes, with its LF, of the longest line that can be sent to it. */
  readonly longestLine: number;
  /** From the start of the connection to the maximum size. */
  readonly milliseconds: number;
  /** E.g. `TLSv1.3`. */
  readonly tlsVersion: string;
}

/**
 * Asks for the maximum size and closes again: the Management Center is ready, and nothing was imported.
 * @throws as openSession and `connect`
 */
export async function probeManagementCenter(
  connect: Connect,
  timeouts: SessionTimeouts,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const started = systemClock.monotonic();
  const socket = await connect(signal);
  const tlsVersion = socket.getProtocol() ?? 'unknown';
  const session = await openSession(socket, timeouts, signal);
  const milliseconds = Math.round(systemClock.monotonic() - started);
  await session.close();
  return { maximumSize: session.maximumSize, longestLine: session.blockSize, milliseconds, tlsVersion };
}
