/** A command line taken apart. */
export interface Command {
  readonly name: string;
  /** The fields behind the name, without their quotes and surrounding blanks. */
  readonly fields: readonly string[];
}

/** What is wrong with a line that cannot be taken apart. */
export class CommandError extends Error {}

/**
 * Takes a line (without its LF) apart at its commas; a field in double quotes may hold commas. The inline form
 * `SetMap:<map>, SetOS, ...` gives the command behind it. @throws CommandError
 */
export function parseCommand(line: string): Command {
  const [name = '', ...fields] = splitFields(line);
  if (name.startsWith('SetMap:') && fields.length > 0) {
    return { name: fields[0] ?? '', fields: fields.slice(1) };
  }
  return { name, fields };
}

/** The command's name alone: cheap, for every line of a big file. */
export function commandName(line: string): string {
  if (line.startsWith('SetMap:')) return /^SetMap:[^,]*,\s*([^,]*)/.exec(line)?.[1]?.trimEnd() ?? 'SetMap';
  const comma = line.indexOf(',');
  return (comma < 0 ? line : line.slice(0, comma)).trimEnd();
}

function splitFields(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = readField(line, at);
    fields.push(field.text);
    if (field.end >= line.length) return fields;
    at = field.end + 1;
  }
}

/** One field from `start` on; `end` is the position of the comma behind it, or the line's length. */
function readField(line: string, start: number): { text: string; end: number } {
  let at = start;
  while (line[at] === ' ') at++;
  if (line[at] !== '"') {
    const comma = line.indexOf(',', at);
    const end = comma < 0 ? line.length : comma;
    return { text: line.slice(at, end).trimEnd(), end };
  }
  const close = line.indexOf('"', at + 1);
  if (close < 0) throw new CommandError('a double quote is never closed');
  let end = close + 1;
  while (line[end] === ' ') end++;
  if (end < line.length && line[end] !== ',') throw new CommandError('text follows a closing double quote');
  return { text: line.slice(at + 1, close), end };
}
