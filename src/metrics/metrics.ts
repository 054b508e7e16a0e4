import type { Destination } from '../destination/destination.ts';
import { ExitCode } from '../exit-code.ts';
import type { InputSummary, RunSummary } from '../summary/run-summary.ts';
import {
  type Labels,
  labelsOf,
  type Metric,
  type Sample,
  seriesOf,
  type SeriesValues,
} from './exposition.ts';

/** What -metrics tells of. */
export interface MeasuredRun {
  readonly summary: RunSummary;
  /** Of each input of the summary. */
  readonly exitCodes: readonly ExitCode[];
  /** The label `server`: the same however early a run fails; undefined: it ended before any was known. */
  readonly server: string | undefined;
  /** Undefined: none is needed, or it could not be opened. */
  readonly validity: Destination['validity'] | undefined;
}

/** A series for each of these; where no input was known yet, `input` is undefined. */
interface Source {
  readonly labels: Labels;
  readonly exitCode: ExitCode;
  readonly input: InputSummary | undefined;
}

const PREFIX = 'qualys_connector_';
const LAST_RUN = `${PREFIX}last_run_timestamp_seconds`;
const LAST_SUCCESS = `${PREFIX}last_success_timestamp_seconds`;
const EXPIRY = `${PREFIX}certificate_expiry_timestamp_seconds`;

/**
 * All that is told of a run.
 * @param runs what it was for each Management Center
 * @param before what the file of the run before said: what this one cannot say is kept of it
 */
export function metricsOf(runs: readonly MeasuredRun[], before: SeriesValues): Metric[] {
  const [first = [], ...others] = runs.map((run) => metricsOfOne(run, before));
  return first.map((metric, index) => ({
    ...metric,
    samples: [...metric.samples, ...others.flatMap((other) => other[index]?.samples ?? [])],
  }));
}

function metricsOfOne(run: MeasuredRun, before: SeriesValues): Metric[] {
  const sources = sourcesOf(run, before);
  const finished = Date.parse(run.summary.finished) / 1000;
  const gauge = (name: string, help: string, of: (source: Source) => readonly Sample[]): Metric => ({
    name,
    help,
    samples: sources.flatMap(of),
  });
  return [
    gauge(LAST_RUN, 'End of the last run, in Unix time.', ({ labels }) => [{ labels, value: finished }]),
    gauge(LAST_SUCCESS, 'End of the last run that delivered all it had to, in Unix time.', (source) =>
      isSuccess(source)
        ? [{ labels: source.labels, value: finished }]
        : kept(LAST_SUCCESS, source.labels, before),
    ),
    gauge(`${PREFIX}exit_code`, 'How the last run ended: 0 is well.', ({ labels, exitCode }) => [
      { labels, value: exitCode },
    ]),
    gauge(`${PREFIX}delivered_hosts`, 'Hosts that the last run delivered.', ({ labels, input }) =>
      input ? [{ labels, value: input.delivery.units }] : [],
    ),
    gauge(`${PREFIX}delivered_findings`, 'Findings that the last run delivered.', ({ labels, input }) =>
      input ? [{ labels, value: input.delivery.findings }] : [],
    ),
    gauge(
      `${PREFIX}findings_with_cve`,
      'Findings of the last run that have a CVE, delivered or as before.',
      ({ labels, input }) => (input?.counts ? [{ labels, value: input.counts.findings.withCve }] : []),
    ),
    gauge(
      `${PREFIX}qualys_calls`,
      'Calls of Qualys that the detections of the last run took.',
      ({ labels, input }) => (input?.detection ? [{ labels, value: input.detection.calls }] : []),
    ),
    gauge(`${PREFIX}left_out_hosts`, 'Hosts that the last run left out, by reason.', ({ labels, input }) =>
      by('reason', labels, input?.counts?.hosts.skipped),
    ),
    gauge(
      `${PREFIX}left_out_findings`,
      'Findings that the last run left out, by reason.',
      ({ labels, input }) => by('reason', labels, input?.counts?.findings.leftOut),
    ),
    gauge(
      `${PREFIX}changed_hosts`,
      'Hosts of the last run by how they differ from the run before.',
      ({ labels, input }) => by('change', labels, input?.changes?.hosts),
    ),
    gauge(`${PREFIX}new_findings`, 'Findings that the run before did not have, by severity.', (source) =>
      by('severity', source.labels, source.input?.changes?.findings.newBySeverity),
    ),
    gauge(`${PREFIX}gone_findings`, 'Findings that the run before had, by severity.', (source) =>
      by('severity', source.labels, source.input?.changes?.findings.goneBySeverity),
    ),
    gauge(
      `${PREFIX}stage_duration_seconds`,
      'How long each stage of the last run took.',
      ({ labels, input }) => by('stage', labels, input?.seconds),
    ),
    {
      name: EXPIRY,
      help: 'When the certificate of this client, or its authority, expires, in Unix time.',
      samples: expirySamples(run, before),
    },
  ];
}

/** The inputs; where the run ended before it knew any, those that the file of the run before has. */
function sourcesOf({ summary, exitCodes, server }: MeasuredRun, before: SeriesValues): Source[] {
  const { inputs, exitCode } = summary;
  if (inputs.length > 0) {
    return inputs.map((input, index) => ({
      labels: { ...labelOf(server), source: input.label },
      exitCode: input.outcome === 'not started' ? exitCode : (exitCodes[index] ?? exitCode),
      input,
    }));
  }
  const known = labelsOf(LAST_RUN, before).filter(isOf(server));
  const all = known.length > 0 ? known : [{ ...labelOf(server), source: '' }];
  return all.map((labels) => ({ labels, exitCode, input: undefined }));
}

/** Where no server is known, all that the run before had are meant. */
function isOf(server: string | undefined): (labels: Labels) => boolean {
  return (labels) => server === undefined || labels.server === server;
}

function labelOf(server: string | undefined): Labels {
  return server === undefined ? {} : { server };
}

/** With complaints all of it is delivered too. */
function isSuccess({ exitCode, input }: Source): boolean {
  const wholly = exitCode === ExitCode.done || exitCode === ExitCode.complaint;
  return wholly && input !== undefined && input.outcome !== 'not started';
}

function expirySamples({ server, validity }: MeasuredRun, before: SeriesValues): Sample[] {
  if (validity === undefined) {
    return labelsOf(EXPIRY, before)
      .filter(isOf(server))
      .flatMap((labels) => kept(EXPIRY, labels, before));
  }
  const ends = { client: validity.validTo, authority: validity.authorityValidTo };
  return Object.entries(ends).flatMap(([certificate, end]) =>
    end === undefined ? [] : [{ labels: { ...labelOf(server), certificate }, value: end.getTime() / 1000 }],
  );
}

function kept(name: string, labels: Labels, before: SeriesValues): Sample[] {
  const value = before.get(seriesOf(name, labels));
  return value === undefined ? [] : [{ labels, value }];
}

function by(label: string, labels: Labels, counts: Readonly<Record<string, number>> = {}): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { ...labels, [label]: name }, value }));
}
