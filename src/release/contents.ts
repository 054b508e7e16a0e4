import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { launcher } from './launcher.ts';

export interface ReleaseFile {
  /** Seen from the top folder, with slashes. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

interface Manifest extends Readonly<Record<string, unknown>> {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface PackAnswer {
  readonly files: readonly { readonly path: string }[];
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}

/** What is there for building and testing alone. */
const OF_THE_CLONE: readonly string[] = ['devDependencies', 'knip', 'scripts'];
/** The original's names: both commands lie in the top folder under them. */
const LAUNCHERS: readonly string[] = ['qualys_connector.pl', 'process_multiple.pl'];
const EXECUTABLE = 0o755;
const READABLE = 0o644;
/** Of what users write their password into. */
const OWN = 0o600;
const YAML = 'InputPlugins/QualysGuard.yaml';

/**
 * All files of a release, in the order of their paths: what npm packs, the packages that it needs, and the commands in
 * the top folder. `npm install -g` takes it as a package that brings its dependencies along.
 * @param checkout where it is built and its packages are installed
 */
export function releaseFiles(checkout: string): ReleaseFile[] {
  const manifest = readJson(join(checkout, 'package.json')) as Manifest;
  const files = [
    ...packed(checkout),
    ...dependencies(checkout),
    ...LAUNCHERS.map((name) => made(name, launcherOf(name, manifest), EXECUTABLE)),
    // Node.js takes .pl where a package is CommonJS; the program is ECMAScript modules.
    made('package.json', json(releaseManifest(manifest)), READABLE),
    made('dist/package.json', json({ type: 'module' }), READABLE),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function made(path: string, text: string, mode: number): ReleaseFile {
  return { path, mode, bytes: Buffer.from(text) };
}

function launcherOf(name: string, { bin, engines }: Manifest): string {
  return launcher(bin[name] ?? '', engines.node.replace('>=', ''));
}

function releaseManifest(manifest: Manifest): Readonly<Record<string, unknown>> {
  const kept = Object.entries(manifest).filter(([key]) => !OF_THE_CLONE.includes(key));
  return {
    ...Object.fromEntries(kept),
    type: 'commonjs',
    bundleDependencies: Object.keys(manifest.dependencies),
  };
}

/** What `npm pack` would pack, but for package.json. */
function packed(checkout: string): ReleaseFile[] {
  const answer = execFileSync('npm', ['pack', '--json', '--dry-run', '--ignore-scripts', '--offline'], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A list of answers, or an object of them: npm versions differ.
  const packages = JSON.parse(answer) as Readonly<Record<string, PackAnswer>>;
  return Object.values(packages)
    .flatMap(({ files }) => files)
    .filter(({ path }) => path !== 'package.json')
    .map(({ path }) => fileOf(checkout, path));
}

/** The packages of the lock file that a run needs, as they are installed. */
function dependencies(checkout: string): ReleaseFile[] {
  const { packages } = readJson(join(checkout, 'package-lock.json')) as Lock;
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && dev !== true)
    .flatMap(([folder, { version }]) => {
      const installed = readJson(join(checkout, folder, 'package.json')) as Manifest;
      if (installed.version !== version) {
        throw new Error(`${folder} is ${installed.version}, the lock file says ${String(version)}: npm ci`);
      }
      return filesUnder(checkout, folder);
    });
}

/** Without packages inside it, which are packages of their own. */
function filesUnder(checkout: string, folder: string): ReleaseFile[] {
  return readdirSync(join(checkout, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile()) return fileOf(checkout, path);
    return entry.isDirectory() && entry.name !== 'node_modules' ? filesUnder(checkout, path) : [];
  });
}

/** With a mode that does not depend on the umask of whoever cloned. */
function fileOf(checkout: string, path: string): ReleaseFile {
  const executable = (statSync(join(checkout, path)).mode & 0o100) !== 0;
  const mode = executable ? EXECUTABLE : READABLE;
  return { path, mode: path === YAML ? OWN : mode, bytes: readFileSync(join(checkout, path)) };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
