import { execFile } from 'node:child_process';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';

const execute = promisify(execFile);

export interface Packed {
  readonly tarball: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** What `npm pack` makes of the checkout as it is built, without building it again under the other tests' feet. */
export async function pack(directory: string): Promise<Packed> {
  const { stdout } = await execute(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', directory],
    { cwd: CHECKOUT, maxBuffer: 16_777_216 },
  );
  // A list of answers, or an object of them: npm versions differ.
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, PackAnswer>);
  if (!packed) throw new Error(`npm pack said nothing of a package: ${stdout}`);
  return { tarball: join(directory, packed.filename), files: packed.files };
}

interface PackAnswer {
  readonly filename: string;
  readonly files: Packed['files'];
}

/**
 * Puts the tarball under a prefix as `npm install -g --omit=dev --ignore-scripts` does, but takes the packages
 * that it depends on, and no others, from the checkout: no registry is asked.
 * @returns the directory of the commands
 */
export async function installFromCheckout(tarball: string, prefix: string): Promise<string> {
  const modules = join(prefix, 'lib', 'node_modules');
  const home = join(modules, 'qualys-connector');
  await mkdir(modules, { recursive: true });
  await execute('tar', ['-xzf', tarball, '-C', modules]);
  await rename(join(modules, 'package'), home);
  await mkdir(join(home, 'node_modules'));
  for (const name of Object.keys(MANIFEST.dependencies)) {
    await symlink(join(CHECKOUT, 'node_modules', name), join(home, 'node_modules', name));
  }
  const commands = join(prefix, 'bin');
  await mkdir(commands);
  for (const [name, file] of Object.entries(MANIFEST.bin)) {
    await symlink(join(home, file), join(commands, name));
  }
  return commands;
}

/** Nothing but where commands are found: the environment of a bare machine. */
const PATH_ONLY = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };

/** Runs an installed command in an environment with PATH only. Rejects unless it exits with 0. */
export async function runInstalled(
  command: string,
  args: readonly string[] = [],
  cwd = '/',
): Promise<string> {
  const { stdout, stderr } = await execute(command, args, { env: PATH_ONLY, cwd });
  if (stderr !== '') throw new Error(`${command} wrote to standard error: ${stderr}`);
  return stdout;
}
