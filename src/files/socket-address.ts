import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where this user's processes can listen under a name, and others see whether one does. Linux: an abstract socket, which
 * leaves no file. Elsewhere a socket file in the temporary directory.
 */
export function socketAddress(name: string): string {
  // Not userInfo(), which throws for a user without a name, as containers have.
  const own = `qualys-connector-${process.getuid?.() ?? ''}-${name}`;
  return process.platform === 'linux' ? `\0${own}` : join(tmpdir(), `${own}.sock`);
}
