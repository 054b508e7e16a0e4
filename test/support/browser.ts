import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

/** The browser of this machine; undefined: there is none. */
export const PROGRAM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(PROGRAM !== undefined && { executablePath: PROGRAM }),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
