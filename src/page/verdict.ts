/** What happened, in a few sentences: what is wrong comes first. */
import { hostsToConvert } from '../conversion/counts.ts';
import { ExitCode } from '../exit-code.ts';
import type { InputSummary, RunSummary } from '../summary/run-summary.ts';
import { foreign, markup, type Markup } from './markup.ts';
import { counted, duration, listed } from './words.ts';

export interface Verdict {
  readonly state: 'well' | 'look' | 'failed';
  /** In few words, for the title of the page too. */
  readonly headline: string;
  readonly text: Markup;
}

export function verdictOf(run: RunSummary): Verdict {
  if (run.exitCode === ExitCode.done) {
    return { state: 'well', headline: doneHeadline(run), text: wellText(run) };
  }
  if (run.exitCode === ExitCode.complaint) {
    return { state: 'look', headline: lookHeadline(run), text: markup`${concernsOf(run)}${wellText(run)}` };
  }
  return { state: 'failed', headline: failedHeadline(run), text: failedText(run) };
}

function lookHeadline(run: RunSummary): string {
  return delivered(run) === 0
    ? `${doneHeadline(run)}, but it needs a look`
    : 'Delivered, but it needs a look';
}

/** Why somebody should look. */
function concernsOf(run: RunSummary): Markup {
  const complaints = total(run, ({ delivery }) => delivery.complaints);
  const several = run.inputs.length > 1;
  const concerns = run.inputs.flatMap(({ label, concerns = [] }) =>
    concerns.map((text) => message(several ? `${label}: ${text}` : text)),
  );
  return markup`${complaints > 0 && markup`<p>The Management Center complained in ${counted(complaints, 'answer')}: the log has its words.</p>`}${concerns}`;
}

function doneHeadline(run: RunSummary): string {
  const hosts = unchangedHosts(run);
  if (delivered(run) === 0) {
    return hosts === 0
      ? 'There was nothing to deliver'
      : `Nothing new to deliver: ${counted(hosts, 'host is', 'hosts are')} as before`;
  }
  return toFile(run) ? 'All was written to a file' : 'All was delivered and acknowledged';
}

function wellText(run: RunSummary): Markup {
  const sources = markup`from ${listed(run.inputs.map(({ label }) => label))}`;
  const what = `${counted(delivered(run), 'host')} with ${counted(total(run, findingsOf), 'finding')}`;
  const verb = delivered(run) === 1 ? 'was' : 'were';
  if (delivered(run) === 0) {
    return markup`<p>Nothing of what came ${sources} had to go to ${destinationOf(run)}. ${when(run)}</p>`;
  }
  return toFile(run)
    ? markup`<p>${what} ${sources} ${verb} written to ${files(run)}. Nothing was sent to a Management Center. ${unchanged(run)}${when(run)}</p>`
    : markup`<p>${what} ${sources} ${verb} delivered to ${destinationOf(run)}, which acknowledged all of it. ${unchanged(run)}${when(run)}</p>`;
}

/** With -changed. */
function unchanged(run: RunSummary): string {
  const hosts = unchangedHosts(run);
  return hosts === 0 ? '' : `${counted(hosts, 'host is', 'hosts are')} as before, and not sent again. `;
}

function unchangedHosts(run: RunSummary): number {
  return total(run, ({ changes }) => (changes?.full === null ? changes.hosts.unchanged : 0));
}

function failedHeadline(run: RunSummary): string {
  if (delivered(run) === 0) return toFile(run) ? 'Nothing was written' : 'Nothing was delivered';
  return toFile(run) ? 'Not everything was written' : 'Not everything was delivered';
}

function failedText(run: RunSummary): Markup {
  const missing = run.inputs.filter(({ outcome }) => outcome === 'failed' || outcome === 'not started');
  const ofSources = missing.some(({ error }) => error?.message === run.error?.message);
  return markup`${!ofSources && run.error && message(run.error.message)}
${missing.length > 0 && markup`<ul>${missing.map((input) => markup`<li>${shortfall(input, run)}</li>`)}</ul>`}
${concernsOf(run)}
<p>${sentenceOfRest(run)} ${when(run)}</p>`;
}

/** What of an input is not in, and why. */
function shortfall(input: InputSummary, run: RunSummary): Markup {
  const { label, outcome, delivery, counts, error } = input;
  if (outcome === 'not started') return markup`<strong>${foreign(label)}</strong> was not begun.`;
  const all = counts ? hostsToConvert(counts) : undefined;
  const of = all === undefined || all < delivery.units ? '' : ` of ${counted(all, 'host')}`;
  const hosts = of === '' ? counted(delivery.units, 'host') : delivery.units.toLocaleString('en-US');
  const how = input.file === null ? 'acknowledged' : 'written';
  const kept =
    delivery.unsentFile !== undefined &&
    error?.message.includes(delivery.unsentFile) !== true &&
    markup` What is missing was kept in <code>${foreign(delivery.unsentFile)}</code>.`;
  return markup`<strong>${foreign(label)}</strong>: ${hosts}${of} ${delivery.units === 1 ? 'is' : 'are'} ${how}${input.file === null && markup` by ${destinationOf(run)}`}.${error && message(error.message)}${kept}`;
}

function sentenceOfRest(run: RunSummary): Markup | string {
  const whole = run.inputs.filter(({ outcome }) => outcome === 'done' || outcome === 'complaints');
  if (whole.length === 0) return '';
  return markup`${listed(whole.map(({ label }) => label))} ${whole.length === 1 ? 'is' : 'are'} in, whole.`;
}

/** Of an error: its advice and code stand in it. */
function message(text: string): Markup {
  return markup`<p class="message">${foreign(text)}</p>`;
}

function when({ seconds }: RunSummary): string {
  return `The run took ${duration(seconds)}.`;
}

function destinationOf({ destination }: RunSummary): Markup | string {
  return destination === null ? 'the Management Center' : markup`<strong>${foreign(destination)}</strong>`;
}

function files({ inputs }: RunSummary): Markup {
  return markup`${foreign(listed(inputs.flatMap(({ file }) => (file === null ? [] : [file]))))}`;
}

function toFile({ inputs }: RunSummary): boolean {
  return inputs.some(({ file }) => file !== null);
}

function delivered(run: RunSummary): number {
  return total(run, ({ delivery }) => delivery.units);
}

function findingsOf({ delivery }: InputSummary): number {
  return delivery.findings;
}

function total({ inputs }: RunSummary, of: (input: InputSummary) => number): number {
  return inputs.reduce((before, input) => before + of(input), 0);
}
