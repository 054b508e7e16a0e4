import { commandName } from '../../host-input/command.ts';
import { COMMANDS } from '../../host-input/commands.ts';
import { oneLine } from '../../text/one-line.ts';

const MOST_LINES = 10;
const LONGEST = 300;

/**
 * What the Management Center complains of, for the log: its own lines, each with the command that it speaks of where
 * that can be told (by a line number, by the command that it quotes, or by an address). Harmless to a terminal, and bounded.
 */
export function describeComplaint(complaint: string, block: Buffer): string[] {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  const commands = block.toString('utf8').split('\n');
  const told = lines.slice(0, MOST_LINES).map((line) => {
    // A longer line could keep the regular expressions busy for hours.
    const command = commandSpokenOf(line.slice(0, LONGEST), commands);
    const text = oneLine(line, LONGEST);
    return command === undefined ? text : `${text} <- ${oneLine(command, LONGEST)}`;
  });
  const more = lines.length - told.length;
  return more > 0 ? [...told, `(and ${more} more lines like these)`] : told;
}

function commandSpokenOf(line: string, commands: readonly string[]): string | undefined {
  const number = /\bline:? *#?(\d{1,9})\b/i.exec(line)?.[1];
  if (number !== undefined) return commands[Number(number) - 1];
  return quotedCommand(line, commands) ?? commandOfAddress(line, commands);
}

const NAMES = new RegExp(`\\b(?:${[...COMMANDS.keys()].join('|')})\\b`);

/** The one that has most in common with what the complaint says from a command's name on, its host at least. */
function quotedCommand(line: string, commands: readonly string[]): string | undefined {
  const at = line.search(NAMES);
  if (at < 0) return undefined;
  const quote = line.slice(at);
  const alike = commands.map((command) => ({ command, length: commonLength(command, quote) }));
  const best = alike.reduce((most, one) => (one.length > most.length ? one : most), {
    command: '',
    length: 0,
  });
  const start = best.command.split(',', 2).join(',');
  return best.length >= start.length && !/^[\w.:]/.test(quote.slice(start.length)) ? best.command : undefined;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The first about the address that the complaint names; about the same command, if it names one. */
function commandOfAddress(line: string, commands: readonly string[]): string | undefined {
  const address = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|[\da-f]*:[\da-f]*:[\da-f:.]+/i.exec(line)?.[0];
  if (address === undefined) return undefined;
  const about = commands.filter((command) => hasField(command, address));
  const name = NAMES.exec(line)?.[0];
  return about.find((command) => commandName(command) === name) ?? about[0];
}

function hasField(command: string, address: string): boolean {
  return command.split(',')[1]?.trim() === address;
}
