import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { changed } from '../support/changed.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

export interface SystemLog {
  readonly socket: string;
  /** Resolves when so many messages have come in (at its end rsyslogd leaves what it has not read yet). */
  arrived(howMany: number): Promise<void>;
  /** Everything that came in, a line a message: `facility|severity|name|pid|text`. Ends the server. */
  stop(): Promise<string[]>;
}

const PROGRAM = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path));

/** A real rsyslogd on a socket of its own; undefined where none is installed. */
export async function startSystemLog(t: TestContext): Promise<SystemLog | undefined> {
  if (PROGRAM === undefined) return undefined;
  const folder = await temporaryDirectory(t);
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('conf'), configuration(file('log.sock'), file('messages')));
  const listening = changed(folder, () => existsSync(file('log.sock')));
  const server = spawn(PROGRAM, ['-n', '-f', file('conf'), '-i', file('pid')], { stdio: 'ignore' });
  await listening;
  return {
    socket: file('log.sock'),
    arrived: (howMany) => changed(folder, () => messages(file('messages')).length >= howMany),
    async stop() {
      const closed = once(server, 'close');
      server.kill('SIGTERM');
      await closed;
      return messages(file('messages'));
    },
  };
}

function configuration(socket: string, messages: string): string {
  return `
    global(workDirectory="${join(messages, '..')}")
    module(load="imuxsock" SysSock.Use="off")
    input(type="imuxsock" Socket="${socket}" RateLimit.Interval="0")
    template(name="parts" type="string"
      string="%syslogfacility-text%|%syslogseverity-text%|%programname%|%procid%|%msg%\\n")
    action(type="omfile" file="${messages}" template="parts")
  `;
}

function messages(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}
