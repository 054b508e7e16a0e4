import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser, PROGRAM } from './browser.ts';

/** For tests that look at pages: why they are skipped; false: there is a browser. */
export const NO_BROWSER = PROGRAM === undefined && 'Chromium is not installed here';

export interface Opened {
  readonly page: Page;
  /** What the page told its console, and what was thrown in it. */
  readonly told: readonly string[];
  /** What it asked for, itself included. */
  readonly requests: readonly string[];
}

/** The only one of a test file: another costs more than all that is done in it. */
interface Tab {
  readonly page: Page;
  readonly devtools: CDPSession;
  told: string[];
  requests: string[];
}

let tab: Promise<Tab> | undefined;

after(async () => (await tab)?.page.context().browser()?.close());

/** Opens a file in a real browser, as from a mail, in place of the file before. */
export async function open(file: string, { runsScripts = true } = {}): Promise<Opened> {
  tab ??= newTab();
  const opened = await tab;
  const { page, devtools } = opened;
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ media: null, colorScheme: null });
  await devtools.send('Emulation.setScriptExecutionDisabled', { value: !runsScripts });
  opened.told = [];
  opened.requests = [];
  await page.goto(pathToFileURL(file).href);
  return { page, told: opened.told, requests: opened.requests };
}

async function newTab(): Promise<Tab> {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  const made: Tab = { page, devtools, told: [], requests: [] };
  page.on('console', (message) => made.told.push(message.text()));
  page.on('pageerror', (error) => made.told.push(error.message));
  page.on('dialog', (dialog) => {
    made.told.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => made.requests.push(request.url()));
  return made;
}
