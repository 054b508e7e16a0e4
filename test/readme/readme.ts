import { readFileSync } from 'node:fs';
import { CHECKOUT } from '../package/packed.ts';

export const README = readFileSync(`${CHECKOUT}README.md`, 'utf8');

/** The text from a heading to the next one of the same or a higher rank. */
export function section(heading: string): string {
  const start = README.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`README.md has no heading "${heading}"`);
  const rank = /^#+/.exec(heading)?.[0].length ?? 1;
  const body = README.slice(start + heading.length + 2);
  const end = new RegExp(`^#{1,${rank}} `, 'm').exec(withoutBlocks(body));
  return body.slice(0, end?.index);
}

/** Fenced blocks blanked out, character for character: a # in them is no heading. */
function withoutBlocks(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
}

/** The rows of all tables of a section, cell by cell, without heads. */
export function rows(heading: string): string[][] {
  return section(heading)
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
export function blocks(language: string, text = README): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, body]) => body ?? '',
  );
}
