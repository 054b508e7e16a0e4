import { asWords, type Words } from '../programs/words.ts';

/**
 * The words of a command as a person types it: blanks part them, but within quotes; no shell is meant.
 * @returns undefined where a quote stays open, or the first word is no program
 */
export function wordsOf(text: string): Words | undefined {
  const rest = text.replace(/(?:[^\s"']|"[^"]*"|'[^']*')+/g, '').trim();
  if (rest !== '') return undefined;
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return asWords(
    words.map((word) =>
      word.replace(/"([^"]*)"|'([^']*)'/g, (_, one?: string, other?: string) => one ?? other ?? ''),
    ),
  );
}
