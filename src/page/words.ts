/** Numbers, times and sentences as people read them on the page. */
import { grouped } from '../text/grouped.ts';
import type { CveIds } from './look.ts';
import { markup, type Markup } from './markup.ts';

/** `1 host`, `1,200 hosts` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `CVE-2014-6271, CVE-2014-7169 and 4 more` */
export function cveWords({ first, all }: CveIds): string {
  const more = all - first.length;
  if (all === 0) return 'without a CVE';
  return more > 0 ? `${first.join(', ')} and ${grouped(more)} more` : listed(first);
}

/** In the time zone of the machine that the run was on, which is named. */
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** @param iso as Date reads it */
export function time(iso: string): Markup {
  return markup`<time datetime="${iso}">${DAY_AND_TIME.format(new Date(iso))}</time>`;
}

/** `0.4 s`, `4 min 12 s`, `1 h 4 min` */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${grouped(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** `12.5 %`; never 0 or 100 where it is not. */
export function percent(part: number, all: number): string {
  if (all === 0 || part === 0) return '0 %';
  if (part === all) return '100 %';
  return `${Math.min(99.9, Math.max(0.1, (100 * part) / all)).toFixed(1)} %`;
}
