import { oneLine } from '../../text/one-line.ts';

const MOST_LINES = 10;
const LONGEST = 300;

/**
 * What the Management Center complains of, for the log: its own lines, each with the command that it speaks of where
 * that can be told (by a line number or an address). Harmless to a terminal, and bounded.
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
  const address = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|[\da-f]*:[\da-f]*:[\da-f:.]+/i.exec(line)?.[0];
  return address === undefined ? undefined : commands.find((command) => hasField(command, address));
}

function hasField(command: string, address: string): boolean {
  return command.split(',')[1]?.trim() === address;
}
