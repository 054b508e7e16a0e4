/** The subject's title in a host input client's certificate, as observed. */
export const HOST_INPUT_TITLE = 'hostinputd';

/** Puts a name as Node has it (one `type=value` a line) on one line: `CN=192.0.2.7, O=Example`. */
export function distinguishedName(lines: string | undefined): string {
  return lines ? lines.split('\n').join(', ') : '(no name)';
}

/** One value of a name as Node has it, e.g. `title`; undefined when it has none. */
export function nameValue(lines: string, type: string): string | undefined {
  const prefix = `${type}=`;
  return lines
    .split(/\n| \+ /)
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length);
}
