/** The text format of Prometheus, as its textfile collector reads it: https://prometheus.io/docs/instrumenting/exposition_formats/ */

/** A metric with its values; all of ours are gauges. */
export interface Metric {
  readonly name: string;
  /** What it is, in a sentence of one line. */
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

/** Values by their series: name and labels as they are written. */
export type SeriesValues = ReadonlyMap<string, number>;

/** The whole file; a metric without values is left out. */
export function expositionOf(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(textOf)
    .join('');
}

function textOf({ name, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => `${seriesOf(name, labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

/** What stands before the value: `name{server="fmc",source="template 1"}`. */
export function seriesOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `${name}{${pairs.join(',')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? character);
}

const SAMPLE =
  /^(qualys_connector_[a-z_]+\{(?:[a-z]+="(?:[^"\\]|\\[\\"n])*",?)*\}) (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** The values of a file that `expositionOf` made; undefined: it is another one, or damaged. */
export function valuesIn(text: string): SeriesValues | undefined {
  const lines = text.split('\n');
  // A file that was cut ends within a line.
  if (lines.pop() !== '') return undefined;
  const values = new Map<string, number>();
  for (const line of lines) {
    if (/^# (HELP|TYPE) /.test(line)) continue;
    const [, series, value] = SAMPLE.exec(line) ?? [];
    if (series === undefined) return undefined;
    values.set(series, Number(value));
  }
  return values;
}

/** The labels of a metric's series. */
export function labelsOf(name: string, values: SeriesValues): Labels[] {
  return [...values.keys()].filter((series) => series.startsWith(`${name}{`)).map(readLabels);
}

function readLabels(series: string): Labels {
  const pairs = series.matchAll(/([a-z]+)="((?:[^"\\]|\\[\\"n])*)"/g);
  return Object.fromEntries([...pairs].map(([, label = '', value = '']) => [label, unescaped(value)]));
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
