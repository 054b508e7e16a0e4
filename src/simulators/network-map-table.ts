import type { NetworkMapData } from './management-center/network-map.ts';

const SEVERITIES = ['5 urgent', '4 critical', '3 serious', '2 medium', '1 minimal'] as const;

/**
 * What a network map holds, as a person wants to see it: hosts, findings by severity, the five most frequent
 * vulnerabilities. The map knows no severities, so the catalogue of the report gives them.
 * @param severities by QID
 */
export function networkMapTable(map: NetworkMapData, severities: ReadonlyMap<string, number>): string[] {
  const hosts = Object.values(map.hosts);
  const results = hosts.flatMap((host) =>
    Object.values(host.results).flatMap((found) => Object.values(found)),
  );
  const bySeverity = SEVERITIES.map((name) => {
    const count = results.filter((result) => severities.get(result.vulnerability) === Number(name[0])).length;
    return [`  severity ${name}`, count] as const;
  });
  const rows = [
    ['hosts', hosts.length],
    ['hosts with findings', hosts.filter((host) => Object.keys(host.results).length > 0).length],
    ['findings', results.length],
    ...bySeverity,
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    ...rows.map(([name, count]) => name.padEnd(width) + String(count).padStart(6)),
    '',
    'most frequent vulnerabilities     hosts  QID     title',
    ...mostFrequent(map).map(
      ({ hosts: count, qid, title }) =>
        `${' '.repeat(32)}${String(count).padStart(6)}  ${qid.padEnd(6)}  ${title}`,
    ),
  ];
}

interface Frequent {
  readonly qid: string;
  readonly title: string;
  readonly hosts: number;
}

function mostFrequent(map: NetworkMapData): Frequent[] {
  const found = new Map<string, Frequent>();
  for (const host of Object.values(map.hosts)) {
    const results = Object.values(host.results).flatMap((byKey) => Object.values(byKey));
    for (const [qid, title] of new Map(results.map((result) => [result.vulnerability, result.name]))) {
      found.set(qid, { qid, title, hosts: (found.get(qid)?.hosts ?? 0) + 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.hosts - a.hosts || Number(a.qid) - Number(b.qid)).slice(0, 5);
}
