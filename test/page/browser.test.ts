import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { NO_BROWSER, open, type Opened } from '../support/chromium.ts';
import { runHere } from '../support/run-here.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { sampleReport } from '../../src/simulators/sample-report.ts';

const NARROW = { viewport: { width: 390, height: 844 } };

const directory = await temporaryDirectory();

suite('the page in a browser', { skip: NO_BROWSER, timeout: 300_000 }, () => {
  let page: string;
  let commands: string;
  let failed: string;
  let several: string;

  before(async () => {
    await writeFile(join(directory, 'q.yaml'), 'add_host: y\n', { mode: 0o600 });
    await writeFile(join(directory, 'report.xml'), [...sampleReport({ hosts: 130 })].join(''));
    await writeFile(join(directory, 'cut.xml'), '<cut');
    await writeFile(
      join(directory, 'account.yaml'),
      'user_id: user\npassword: secret\nqualys_server: qualys.invalid\n',
      { mode: 0o600 },
    );
    const made = async (name: string, ...words: readonly string[]): Promise<string> => {
      const ended = await runHere({ after }, directory, ['-csvfile=o.csv', ...words, `-page=${name}.html`]);
      assert.ok(ended.code !== null);
      return join(directory, `${name}.html`);
    };
    page = await made('page', '-plugininfo=q.yaml', '-report=report.xml');
    commands = await made('commands', '-plugininfo=o.csv', '-csvfile=again.csv', 'csv');
    failed = await made('failed', '-plugininfo=q.yaml', '-report=cut.xml');
    const words = ['1,2', '-plugininfo=account.yaml', '-csvfile=o2.csv', '-page=several.html'];
    await runHere({ after }, directory, words, { command: 'process-multiple' });
    several = join(directory, 'several.html');
  });

  /** The same page for one test after the other, as it is when it is opened. */
  let shared: Promise<Opened> | undefined;
  const fresh = async (): Promise<Page> => {
    if (!shared) shared = open({ after }, page);
    else await (await shared).page.reload();
    return (await shared).page;
  };

  test('says nothing on the console and asks for nothing', async (t) => {
    for (const file of [page, commands, failed]) {
      const { told, requests } = await open(t, file);
      assert.deepEqual(told, []);
      assert.deepEqual(requests, [pathToFileURL(file).href]);
    }
  });

  test('runs no script but its own, and loads nothing', async (t) => {
    const { page: shown, told } = await open(t, page);
    await shown.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/image.png';
      document.body.append(script, image);
    }`);
    assert.doesNotMatch(await shown.title(), /taken over/);
    await shown.waitForFunction('true');
    assert.match(told.join('\n'), /Content Security Policy/);
  });

  test('searches in the hosts, by any words, and says how many it found', async () => {
    const shown = await fresh();
    assert.equal(await rows(shown).count(), 50);
    assert.equal(await status(shown), '1 to 50 of 130');
    await shown.getByLabel('Search').fill('EXAMPLE.net cisco');
    const found = await rows(shown).allInnerTexts();
    assert.ok(
      found.length > 0 && found.every((text) => text.includes('example.net') && text.includes('Cisco')),
    );
    assert.match(await status(shown), new RegExp(`^1 to ${found.length} of ${found.length} found, of 130$`));
    await shown.getByLabel('Search').fill('no such host');
    assert.equal(await rows(shown).count(), 0);
    assert.equal(await status(shown), 'No host is like that');
    await shown.getByLabel('Search').fill('');
    assert.equal(await rows(shown).count(), 50);
  });

  test('shows the hosts of a severity alone', async () => {
    const shown = await fresh();
    await shown.getByLabel('Rows').selectOption('500');
    await shown.getByLabel('Show').selectOption('5');
    const counts = await column(shown, 3);
    assert.ok(counts.length > 10 && counts.length < 130);
    assert.ok(counts.every((count) => Number(count) > 0));
  });

  test('goes back to the worst first, after any order', async () => {
    const shown = await fresh();
    const first = await column(shown, 0);
    const worst = shown.getByRole('button', { name: 'Order The worst first' });
    assert.equal(await worst.getAttribute('aria-pressed'), 'true');
    await shown.getByRole('button', { name: 'Name' }).click();
    assert.equal(await worst.getAttribute('aria-pressed'), 'false');
    await worst.click();
    assert.deepEqual(await column(shown, 0), first);
  });

  test('sorts by each column, up and down, and tells which', async () => {
    const shown = await fresh();
    await shown.getByLabel('Rows').selectOption('500');
    const head = shown.locator('#host-table').getByRole('columnheader', { name: 'All', exact: true });
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    const down = (await column(shown, 9)).map(Number);
    assert.deepEqual(
      down,
      down.toSorted((a, b) => b - a),
    );
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(
      (await column(shown, 9)).map(Number),
      down.toReversed().toSorted((a, b) => a - b),
    );
    await shown.getByRole('button', { name: 'Address' }).click();
    assert.equal(await head.getAttribute('aria-sort'), null);
    const addresses = await column(shown, 0);
    const number = (address = ''): number =>
      address.split('.').reduce((before, part) => before * 256 + Number(part), 0);
    assert.deepEqual(
      addresses,
      addresses.toSorted((a, b) => number(a) - number(b)),
    );
  });

  test('turns its pages', async () => {
    const shown = await fresh();
    const first = await column(shown, 0);
    const previous = shown.getByRole('button', { name: 'Previous' });
    assert.equal(await previous.getAttribute('aria-disabled'), 'true');
    await shown.getByRole('button', { name: 'Next' }).click();
    assert.equal(await status(shown), '51 to 100 of 130');
    await shown.getByRole('button', { name: 'Last' }).click();
    assert.equal(await status(shown), '101 to 130 of 130');
    assert.equal(await rows(shown).count(), 30);
    await previous.click();
    await previous.click();
    assert.deepEqual(await column(shown, 0), first);
    await shown.getByRole('button', { name: 'Last' }).click();
    await shown.getByLabel('Rows').selectOption('100');
    assert.equal(await status(shown), '1 to 100 of 130');
  });

  test('is used by the keyboard alone', async () => {
    const shown = await fresh();
    await shown.keyboard.press('Tab');
    assert.equal(await shown.evaluate('document.activeElement.textContent'), 'To the table of hosts');
    await shown.keyboard.press('Enter');
    await shown.keyboard.press('Tab');
    await shown.keyboard.type('mail');
    assert.match(await status(shown), /found, of 130$/);
    await shown.getByRole('button', { name: 'Name' }).focus();
    await shown.keyboard.press('Enter');
    const names = await column(shown, 1);
    assert.ok(names.length > 3 && names.every((name) => name.startsWith('mail-')));
    const next = shown.getByRole('button', { name: 'Next' });
    await shown.getByLabel('Search').fill('');
    await next.focus();
    for (let press = 0; press < 3; press++) await shown.keyboard.press('Space');
    // It is still there to go on from, although there is no next page any more.
    assert.equal(await shown.evaluate('document.activeElement.id'), 'next');
    assert.notEqual(await shown.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
  });

  test('fits screens of any width, light and dark, and its colours can be read', async (t) => {
    for (const file of [page, commands, failed]) {
      const { page: shown } = await open(t, file);
      for (const width of [1280, 768, 320, 390]) {
        await shown.setViewportSize({ width, height: 800 });
        assert.equal(
          await shown.evaluate('document.documentElement.scrollWidth'),
          width,
          `${file} at ${width}`,
        );
      }
      // A row more has no colour more.
      await shown.evaluate(
        "for (const row of document.querySelectorAll('#host-table tr:nth-child(n+8)')) row.remove()",
      );
      for (const colorScheme of file === page ? (['dark', 'light'] as const) : (['dark'] as const)) {
        await shown.emulateMedia({ colorScheme });
        assert.deepEqual(await accessibilityFaults(shown), [], `${file}, ${colorScheme}`);
        await shown.setViewportSize({ width: 1280, height: 800 });
      }
    }
  });

  test('keeps what its tables say within their columns', async (t) => {
    for (const file of [page, commands, failed, several]) {
      const { page: shown } = await open(t, file);
      for (const width of [1280, 1000, 768]) {
        await shown.setViewportSize({ width, height: 800 });
        const wider = await shown.evaluate(
          "[...document.querySelectorAll('.bars th, .bars td')].filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)",
        );
        assert.deepEqual(wider, [], `${file} at ${width}`);
      }
    }
    // Names of two lines have their numbers beside those of one.
    const { page: shown } = await open(t, page);
    const bottoms = await shown.evaluate<number[]>(
      "[...document.querySelectorAll('.tiles dd')].map((value) => Math.round(value.getBoundingClientRect().bottom))",
    );
    assert.equal(new Set(bottoms).size, 1, bottoms.join());
  });

  test('has its severities beside the numbers on a narrow screen, and its cells for those who hear it', async (t) => {
    const { page: shown } = await open(t, page, NARROW);
    assert.equal(await rows(shown).first().getByRole('cell').count(), 9);
    const labels = await shown.evaluate<string[]>(
      "[...document.querySelectorAll('#host-table tbody tr:first-child .count')].map((cell) => getComputedStyle(cell, '::before').content)",
    );
    assert.deepEqual(
      labels.map((label) => /"([^"]*)"/.exec(label)?.[1]),
      ['5', '4', '3', '2', '1', 'Potential ', 'All '],
    );
  });

  test('prints without what is for the screen alone', async () => {
    const shown = await fresh();
    await shown.emulateMedia({ media: 'print' });
    assert.equal(await shown.getByLabel('Search').isVisible(), false);
    assert.equal(await shown.getByRole('button', { name: 'Next' }).isVisible(), false);
    assert.equal(await rows(shown).first().isVisible(), true);
  });

  test('shows all but the further hosts where no script runs', async (t) => {
    const { page: shown, told } = await open(t, page, { javaScriptEnabled: false });
    assert.equal(await rows(shown).count(), 50);
    assert.equal(await shown.getByLabel('Search').isVisible(), false);
    assert.match((await shown.textContent('#without-script')) ?? '', /These are the first 50/);
    assert.deepEqual(told, []);
  });

  test('shows texts of the report as text, whatever they are', async (t) => {
    const hostile = await temporaryDirectory(t);
    const names = [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(2)>',
      "</script><script>alert('3')//",
      '<!--<script>',
      '\u05d0\u05d1\u05d2.example.com',
      '\u200fmark.example.com',
      "a'b&amp;c&#60;b>",
    ];
    const [report] = names.reduce<[string, number]>(
      ([text], name, index) => [
        text.replace(/<DNS><!\[CDATA\[(?!=)[^\]]*\]\]>/, () => `<DNS ><![CDATA[=${index} ${name}]]>`),
        index,
      ],
      [[...sampleReport({ hosts: names.length })].join(''), 0],
    );
    const titled = report.replaceAll(
      /<TITLE><!\[CDATA\[/g,
      () => '<TITLE><![CDATA[<b>"&amp;lt;i&gt;</script>',
    );
    await writeFile(join(hostile, 'q.yaml'), 'add_host: y\n', { mode: 0o600 });
    await writeFile(join(hostile, 'report.xml'), titled);
    const words = ['-plugininfo=q.yaml', '-report=report.xml', '-csvfile=o.csv', '-page=p.html'];
    const ended = await runHere(t, hostile, words);
    assert.equal(ended.code, 0, ended.output);
    const { page: shown, told } = await open(t, join(hostile, 'p.html'));
    assert.deepEqual(told, []);
    const seen = await column(shown, 1);
    assert.deepEqual(seen.toSorted(), names.map((name, index) => `=${index} ${name}`).toSorted());
    assert.equal(await shown.locator('img, main b').count(), 0);
    await shown.getByLabel('Search').fill('<script>alert(1)');
    assert.equal(await rows(shown).count(), 1);
    // What is written from right to left stays within its cell.
    assert.equal(await shown.locator('td.text > bdi').count(), await shown.locator('td.text').count());
    assert.ok(!(await readFile(join(hostile, 'p.html'), 'utf8')).includes('<script>alert'));
  });
});

function rows(page: Page) {
  return page.locator('#host-table tbody tr');
}

function column(page: Page, index: number): Promise<string[]> {
  return page.locator(`#host-table tbody tr > :nth-child(${index + 1})`).allInnerTexts();
}

async function status(page: Page): Promise<string> {
  return (await page.getByRole('status').textContent()) ?? '';
}

/** By the rules of WCAG 2.2, levels A and AA. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
