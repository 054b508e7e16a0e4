/** Foreign text made fit for a message: one line, no control characters, cut to a length. */
export function oneLine(text: string, length: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
