import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, PROGRAM } from './browser.ts';
import type { Owner } from './temporary-directory.ts';

/** For tests that look at pages: why they are skipped; false: there is a browser. */
export const NO_BROWSER = PROGRAM === undefined && 'Chromium is not installed here';

let browser: Promise<Browser> | undefined;

after(async () => (await browser)?.close());

export interface Opened {
  readonly page: Page;
  /** What the page told its console, and what was thrown in it. */
  readonly told: readonly string[];
  /** What it asked for, itself included. */
  readonly requests: readonly string[];
}

/** Opens a file in a real browser, as from a mail, until that ends whose it is. */
export async function open(t: Owner, file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  browser ??= launchBrowser();
  const context = await (await browser).newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  const told: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => told.push(message.text()));
  page.on('pageerror', (error) => told.push(error.message));
  page.on('dialog', (dialog) => {
    told.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, told, requests };
}
