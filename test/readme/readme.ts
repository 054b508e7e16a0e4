import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../support/checkout.ts';

/** Every page that is written for people, by its path in the checkout. */
export const PAGES: ReadonlyMap<string, string> = new Map(
  ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...docs()].map((path) => [
    path,
    readFileSync(join(CHECKOUT, path), 'utf8'),
  ]),
);

function docs(): string[] {
  return readdirSync(join(CHECKOUT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
}

export function page(path: string): string {
  const text = PAGES.get(path);
  if (text === undefined) throw new Error(`there is no page ${path}`);
  return text;
}

/** A page's text from a heading to the next one of the same or a higher rank. */
export function section(path: string, heading: string): string {
  const text = page(path);
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`${path} has no heading "${heading}"`);
  const rank = /^#+/.exec(heading)?.[0].length ?? 1;
  const body = text.slice(start + heading.length + 2);
  const end = new RegExp(`^#{1,${rank}} `, 'm').exec(withoutBlocks(body));
  return body.slice(0, end?.index);
}

/** Fenced blocks blanked out, character for character: a # in them is no heading. */
export function withoutBlocks(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
}

/** The rows of all tables of a section, cell by cell, without heads. */
export function rows(path: string, heading: string): string[][] {
  return section(path, heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map(plain),
    )
    .filter((_, index, all) => !isRule(all[index]) && !isRule(all[index + 1]));
}

function isRule(cells: readonly string[] | undefined): boolean {
  return cells?.every((cell) => /^:?-+:?$/.test(cell)) === true;
}

function plain(cell: string): string {
  return cell.trim().replaceAll('\\|', '|');
}

/** The fenced blocks of a language, in the order of the text. */
export function blocks(language: string, text: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
    .filter(([, of]) => of === language)
    .map(([, , body]) => body ?? '');
}
