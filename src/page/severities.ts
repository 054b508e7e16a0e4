/** How Qualys orders findings, in its own words. */

/** From the gravest; 0: the source does not say. */
export const SEVERITIES = [5, 4, 3, 2, 1, 0] as const;

export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  5: 'Urgent',
  4: 'Critical',
  3: 'Serious',
  2: 'Medium',
  1: 'Minimal',
  0: 'Not known',
};

/** Kinds of findings. */
export const KINDS = ['confirmed', 'potential', 'information'] as const;

export type Kind = (typeof KINDS)[number];

/** @param type as the source has it */
export function kindOf(type: string): Kind {
  if (type === 'ig') return 'information';
  return type === 'practice' ? 'potential' : 'confirmed';
}

export function severityOf(severity: number | undefined): Severity {
  return SEVERITIES.find((known) => known === severity) ?? 0;
}

/** How many, by kind and then by severity (0 to 5). */
export type FindingCounts = Readonly<Record<Kind, number[]>>;

export function noFindings(): FindingCounts {
  return { confirmed: [0, 0, 0, 0, 0, 0], potential: [0, 0, 0, 0, 0, 0], information: [0, 0, 0, 0, 0, 0] };
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
