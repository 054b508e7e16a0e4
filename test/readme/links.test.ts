import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { CHECKOUT, MANIFEST } from '../support/checkout.ts';
import { page, PAGES, withoutBlocks } from './readme.ts';

interface Link {
  readonly from: string;
  /** The file that it leads to, from the checkout's root. */
  readonly path: string;
  readonly anchor: string | undefined;
}

const LINKS = [...PAGES].flatMap(([from, text]) => linksOf(from, text));

/** All links of a page that lead to the project itself. */
function linksOf(from: string, text: string): Link[] {
  return [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? '')
    .filter((target) => !/^https?:\/\//.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { from, path: path === '' ? from : posix.join(posix.dirname(from), path), anchor };
    });
}

/** What a page can be entered at: its headings, as GitHub names them, and its own marks. */
function anchorsOf(path: string): Set<string> {
  const text = page(path);
  return new Set([
    ...[...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading ?? '')),
    ...[...text.matchAll(/<a id="([^"]*)">/g)].map(([, id]) => id ?? ''),
  ]);
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

test('every link on the pages leads to a file that is there, and to a place in it', () => {
  assert.ok(LINKS.length > 50);
  for (const { from, path, anchor } of LINKS) {
    assert.ok(existsSync(join(CHECKOUT, path)), `${from} leads to ${path}`);
    if (anchor !== undefined) assert.ok(anchorsOf(path).has(anchor), `${from} leads to ${path}#${anchor}`);
  }
});

test('a link leads to something that is in the package too', () => {
  for (const { from, path } of LINKS) {
    const packed = ['README.md', 'LICENSE', ...MANIFEST.files].some(
      (entry) => path === entry || path.startsWith(`${entry}/`),
    );
    assert.ok(packed, `${from} leads to ${path}`);
  }
});

test('every page is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const from of reached) {
    for (const link of LINKS) if (link.from === from && PAGES.has(link.path)) reached.add(link.path);
  }
  assert.deepEqual([...reached].sort(), [...PAGES.keys()].sort());
});

test('every file of the project that a page names is there', () => {
  for (const [from, text] of PAGES) {
    for (const [, path = ''] of text.matchAll(/`((?:src|test|bin|docs|InputPlugins|\.ci)\/[\w./-]*)`/g)) {
      assert.ok(existsSync(join(CHECKOUT, path)), `${from} names ${path}`);
    }
  }
});
