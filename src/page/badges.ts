/** Severities as small signs with their number in them. */
import { markup, type Markup } from './markup.ts';
import { SEVERITY_NAMES, type Severity } from './severities.ts';

export function badge(severity: number): Markup {
  return markup`<span class="badge b${severity}">${severity === 0 ? '?' : severity}</span>`;
}

export function severityHead(severity: Severity): Markup {
  return markup`${badge(severity)} ${SEVERITY_NAMES[severity]}`;
}
