/** `npm run screenshot`: the picture in the README, of the page that the demo has left. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from '../support/browser.ts';
import { CHECKOUT } from '../support/checkout.ts';

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(join(CHECKOUT, 'dist', 'demo', 'last-night.html')).href);
  const path = join(CHECKOUT, 'docs', 'last-night.png');
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
} finally {
  await browser.close();
}
