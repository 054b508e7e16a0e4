import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { certificates } from './certificates.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface Squid {
  readonly port: number;
  /** The lines of its access log, once it has one: a tunnel is written down when it ends. */
  accesses(): Promise<string>;
}

export interface SquidOptions {
  /** Asks for this user and password. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Speaks TLS itself. */
  readonly tls?: boolean;
  /** Refuses every CONNECT. */
  readonly deny?: boolean;
}

/** Daemons are not on every user's path. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin` };

/** Why squid cannot be used here, or false where it can: for a test's `skip`. */
export const NO_SQUID: string | false = findSquid();

function findSquid(): string | false {
  const { stdout, error } = spawnSync('squid', ['-v'], { encoding: 'utf8', env: ENVIRONMENT });
  if (error) return 'squid is not installed';
  return stdout.includes('--with-openssl') ? false : 'this squid has no TLS (Debian: squid-openssl)';
}

/** Starts a real squid on a free port of its own; it ends with the test. */
export async function startSquid(t: TestContext, options: SquidOptions = {}): Promise<Squid> {
  const directory = await temporaryDirectory(t);
  // Started by root, squid works as a user of its own, who must be able to write here.
  chmodSync(directory, 0o777);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    writeFileSync(path.join(directory, 'squid.conf'), configuration(directory, port, options));
    // By its service name squid names its shared memory, which another squid on this machine must not have too.
    const file = path.join(directory, 'squid.conf');
    const child = spawn('squid', ['-N', '-n', `test${port}`, '-d', '1', '-f', file], {
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (await accepts(child)) {
      t.after(async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      });
      return { port, accesses: () => textOf(path.join(directory, 'access.log')) };
    }
    if (attempt === 3) throw new Error('squid does not start');
  }
}

/** Waits until there is something in it. */
async function textOf(file: string): Promise<string> {
  const changes = watch(path.dirname(file));
  try {
    for (;;) {
      const changed = once(changes, 'change');
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (text !== '') return text;
      await changed;
    }
  } finally {
    changes.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Squid says on stderr when it is ready; another process may have taken the port meanwhile. */
async function accepts(child: ChildProcess): Promise<boolean> {
  if (!child.stderr) return false;
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes('Accepting')) {
      child.stderr.resume();
      return true;
    }
  }
  return false;
}

function configuration(directory: string, port: number, options: SquidOptions): string {
  const at = (name: string): string => path.join(directory, name);
  const { certificate, key } = certificates.qualysServer;
  writeFileSync(at('proxy.pem'), certificate + key);
  const listen = options.tls
    ? `https_port 127.0.0.1:${port} tls-cert=${at('proxy.pem')}`
    : `http_port 127.0.0.1:${port}`;
  return [
    listen,
    `pid_filename ${at('squid.pid')}`,
    `cache_log ${at('cache.log')}`,
    `access_log stdio:${at('access.log')}`,
    `coredump_dir ${directory}`,
    'logfile_rotate 0',
    'cache deny all',
    'netdb_filename none',
    'pinger_enable off',
    'shutdown_lifetime 0 seconds',
    'visible_hostname localhost',
    ...loginRules(at('login.cjs'), options),
    `http_access ${options.deny ? 'deny' : 'allow'} all`,
    '',
  ].join('\n');
}

function loginRules(helper: string, { login }: SquidOptions): string[] {
  if (!login) return [];
  // Squid hands the helper user and password percent-encoded, one login a line.
  writeFileSync(
    helper,
    `const known = ${JSON.stringify([login.user, login.password])}.join(' ');
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      console.log(line.split(' ').map(decodeURIComponent).join(' ') === known ? 'OK' : 'ERR');
    });`,
  );
  return [
    `auth_param basic program ${process.execPath} ${helper}`,
    'auth_param basic children 1',
    'acl known proxy_auth REQUIRED',
    'http_access deny !known',
  ];
}
