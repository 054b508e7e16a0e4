/**
 * Files that have a name while they are written: the name says which process writes them, so that a later run can tell
 * what a killed one left from what another is at work on.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { socketAddress } from './socket-address.ts';
import { errorCode, systemReason } from './system-reason.ts';

/** Within one place a socket tells whether its owner lives: not from one host or container to another. */
const PLACE = createHash('sha256').update(`${hostname()} ${network()}`).digest('hex').slice(0, 8);
const PROCESS = randomBytes(8).toString('hex');

const NAME = /^\..*\.qc-([\da-f]{8})-([\da-f]{16})-[\da-f]{8}\.partial$/;

/** Milliseconds after which a file of another place that nobody wrote to counts as left: its process cannot be asked. */
const OLD = 24 * 60 * 60 * 1000;

let holding: Promise<void> | undefined;

/** A name that nobody can have put something under, hidden, for what has one only while it is being written. */
export function partialName(name: string): string {
  return `.${name.slice(0, 60)}.qc-${PLACE}-${PROCESS}-${randomBytes(4).toString('hex')}.partial`;
}

/** From now on, and to the end of this process, others can tell that its partial files are being written. */
export function holdPartialFiles(): Promise<void> {
  return (holding ??= listen());
}

async function listen(): Promise<void> {
  const server = createServer((visitor) => visitor.on('error', () => undefined).destroy());
  server.listen(socketAddress(PROCESS));
  await once(server, 'listening');
  server.unref();
}

/**
 * Removes from a directory the partial files of this user whose process has ended.
 * @returns a sentence for a WARNING about each
 */
export async function removeLeftovers(directory: string): Promise<string[]> {
  const told: string[] = [];
  for (const name of await readdir(directory).catch(() => [])) {
    const [, place = '', owner = ''] = NAME.exec(name) ?? [];
    const path = join(directory, name);
    if (owner === '' || owner === PROCESS || !(await isLeft(path, place, owner))) continue;
    told.push(
      await rm(path, { recursive: true, force: true }).then(
        () => `Removed ${path}, which a run that was killed had left`,
        (error: unknown) =>
          `A run that was killed has left ${path}, which cannot be removed: ${systemReason(error)}`,
      ),
    );
  }
  return told;
}

async function isLeft(path: string, place: string, owner: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined);
  if (!status || status.uid !== process.getuid?.()) return false;
  return place === PLACE ? !(await lives(owner)) : Date.now() - status.mtimeMs > OLD;
}

async function lives(owner: string): Promise<boolean> {
  const visitor = connect(socketAddress(owner));
  try {
    await once(visitor, 'connect');
    return true;
  } catch (error) {
    // EAGAIN and the like: somebody is there, and busy.
    return !['ECONNREFUSED', 'ENOENT'].includes(errorCode(error));
  } finally {
    visitor.destroy();
  }
}

/** What abstract sockets are seen within; where sockets are files, the directory of these. */
function network(): string {
  try {
    return process.platform === 'linux' ? readlinkSync('/proc/self/ns/net') : tmpdir();
  } catch {
    return '';
  }
}
