/** Bars in the cells of tables, beside the numbers that they show: those who do not see them miss nothing. */
import { markup, type Markup } from './markup.ts';

export interface Segment {
  readonly value: number;
  /** Of the style sheet: its colour, or its hatching. */
  readonly colour: string;
}

const HEIGHT = 14;
/** Per cent of the width: what there is can be seen. */
const THINNEST = 0.8;

/**
 * One bar of several segments.
 * @param whole the value that fills the width
 * @param from the value where it begins
 */
export function bar(segments: readonly Segment[], whole: number, from = 0): Markup {
  const scale = whole > 0 ? 100 / whole : 0;
  let x = from * scale;
  const drawn = segments
    .filter(({ value }) => value > 0)
    .map(({ value, colour }) => {
      const width = Math.min(Math.max(value * scale, THINNEST), 100);
      const start = Math.min(x, 100 - width);
      x += width;
      return markup`<rect class="${colour}" x="${start.toFixed(2)}%" width="${width.toFixed(2)}%" height="${HEIGHT}" rx="2"/>`;
    });
  return markup`<svg class="bar" width="100%" height="${HEIGHT}" aria-hidden="true" focusable="false">${drawn}</svg>`;
}

/** What hatches the bars of potential findings: once in the page, before it is used. */
export function hatchings(): Markup {
  const patterns = [5, 4, 3, 2, 1, 0].map(
    (severity) =>
      markup`<pattern id="hatched-${severity}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="s${severity} faint" width="6" height="6"/><rect class="s${severity}" width="3" height="6"/></pattern>`,
  );
  return markup`<svg class="hidden-svg" width="0" height="0" aria-hidden="true" focusable="false"><defs>${patterns}</defs></svg>`;
}

/** The colours of a severity: whole for confirmed findings, hatched for potential ones. */
export function colourOf(kind: 'confirmed' | 'potential', severity: number): string {
  return `${kind === 'confirmed' ? 's' : 'p'}${severity}`;
}
