/** How Qualys writes texts, times and references in its XML. */

export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** In whole seconds, UTC. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '');
}
