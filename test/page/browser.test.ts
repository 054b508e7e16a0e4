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

const directory = await temporaryDirectory();

suite('the page in a browser', { skip: NO_BROWSER, timeout: 300_000 }, () => {
  const written = (name: string): string => join(directory, `${name}.html`);

  before(async () => {
    await writeFile(join(directory, 'q.yaml'), 'add_host: y\n', { mode: 0o600 });
    await writeFile(join(directory, 'report.xml'), [...sampleReport({ hosts: 130 })].join(''));
    await writeFile(join(directory, 'cut.xml'), '<cut');
    await writeFile(
      join(directory, 'account.yaml'),
      'user_id: user\npassword: secret\nqualys_server: qualys.invalid\n',
      { mode: 0o600 },
    );
    const made = async (name: string, ...words: readonly string[]): Promise<void> => {
      const ended = await runHere({ after }, directory, ['-csvfile=o.csv', ...words, `-page=${name}.html`]);
      assert.ok(ended.code !== null);
    };
    await made('page', '-plugininfo=q.yaml', '-report=report.xml');
    await made('commands', '-plugininfo=o.csv', '-csvfile=again.csv', 'csv');
    await made('failed', '-plugininfo=q.yaml', '-report=cut.xml');
    const words = ['1,2', '-plugininfo=account.yaml', '-csvfile=o2.csv', '-page=several.html'];
    await runHere({ after }, directory, words, { command: 'process-multiple' });
  });

  /** Opened once for all that changes nothing in it but its size and colours. */
  for (const name of ['commands', 'failed', 'several', 'page']) {
    suite(`the page that is called ${name} here`, () => {
      let opened: Opened;

      before(async () => {
        opened = await open(written(name));
      });

      test('says nothing on the console and asks for nothing', () => {
        assert.deepEqual(opened.told, []);
        assert.deepEqual(opened.requests, [pathToFileURL(written(name)).href]);
      });

      test('fits screens of any width, and keeps what its tables say within their columns', async () => {
        for (const width of [320, 390, 768, 1000, 1280]) {
          await opened.page.setViewportSize({ width, height: 800 });
          const measured = await opened.page.evaluate<{ width: number; wider: string[] }>(`({
            width: document.documentElement.scrollWidth,
            wider: innerWidth < 768 ? [] : [...document.querySelectorAll('.bars th, .bars td')]
              .filter((cell) => cell.scrollWidth > cell.clientWidth)
              .map((cell) => cell.textContent),
          })`);
          assert.deepEqual(measured, { width, wider: [] });
        }
      });

      test('has the numbers of its tiles at their foot, also where a name beside takes two lines', async () => {
        await opened.page.setViewportSize({ width: 1000, height: 800 });
        const above = await opened.page.evaluate<number[]>(
          "[...document.querySelectorAll('.tiles dl > div')].map((tile) => Math.round(tile.getBoundingClientRect().bottom - tile.querySelector('dd').getBoundingClientRect().bottom))",
        );
        assert.ok(above.length > 1);
        assert.ok(
          above.every((pixels) => pixels === 0),
          above.join(),
        );
      });

      // It is made of the same parts.
      if (name === 'several') return;
      test('can be read and heard by all', async () => {
        const { page: shown } = opened;
        await shown.evaluate(axe.source);
        // A row more has no fault more.
        await shown.evaluate(
          "for (const row of document.querySelectorAll('#host-table tr:nth-child(n+6)')) row.remove()",
        );
        await shown.emulateMedia({ colorScheme: 'dark' });
        await shown.setViewportSize({ width: 390, height: 800 });
        assert.deepEqual(await accessibilityFaults(shown), [], 'dark');
        if (name !== 'page') return;
        await shown.emulateMedia({ colorScheme: 'light' });
        await shown.setViewportSize({ width: 1280, height: 800 });
        assert.deepEqual(await accessibilityFaults(shown), [], 'light');
      });
    });
  }

  const fresh = async (): Promise<Page> => (await open(written('page'))).page;

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

  test('has its severities beside the numbers on a narrow screen, and its cells for those who hear it', async () => {
    const shown = await fresh();
    await shown.setViewportSize({ width: 390, height: 844 });
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
    // A4 between margins of a centimetre.
    await shown.setViewportSize({ width: 718, height: 1047 });
    const display = "getComputedStyle(document.querySelector('#host-table tbody tr')).display";
    assert.equal(await shown.evaluate(display), 'table-row');
    assert.ok(await shown.evaluate('document.documentElement.scrollWidth <= 718'));
  });

  test('shows all but the further hosts where no script runs', async () => {
    const { page: shown, told } = await open(written('page'), { runsScripts: false });
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
    const { page: shown, told } = await open(join(hostile, 'p.html'));
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

  test('runs no script but its own, and loads nothing', async () => {
    const { page: shown, told } = await open(written('page'));
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
  // What it passed is much more, and has a long way to here.
  const faults = await page.evaluate<AxeResults['violations']>(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return faults.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
