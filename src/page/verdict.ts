/** What happened, from where, to which server, in a few sentences: what is wrong comes first. */
import { ExitCode } from '../exit-code.ts';
import type { RunSummary } from '../summary/run-summary.ts';
import { grouped } from '../text/grouped.ts';
import { foreign, markup, type Markup } from './markup.ts';
import { byPlace, isWhole, type TransferSummary, transfersOf } from './transfers.ts';
import { counted, duration } from './words.ts';

export interface Verdict {
  readonly state: 'well' | 'look' | 'failed';
  /** In few words, for the title of the page too. */
  readonly headline: Markup;
  readonly text: Markup;
}

export function verdictOf(run: RunSummary, transfers = transfersOf(run)): Verdict {
  const state = stateOf(run.exitCode);
  const ofTransfers = transfers.some(({ error }) => error === run.error?.message);
  return {
    state,
    headline: state === 'failed' ? failedHeadline(transfers) : doneHeadline(transfers, state === 'look'),
    text: markup`${state === 'failed' && !ofTransfers && run.error && message(run.error.message)}
${transfers.length === 1 ? single(transfers) : byPlace(transfers).map(group)}
<p>The run took ${duration(run.seconds)}.</p>`,
  };
}

function stateOf(exitCode: ExitCode): Verdict['state'] {
  if (exitCode === ExitCode.done) return 'well';
  return exitCode === ExitCode.complaint ? 'look' : 'failed';
}

function doneHeadline(transfers: readonly TransferSummary[], needsLook: boolean): Markup {
  const look = needsLook && ', but it needs a look';
  const { hosts, asBefore } = sums(transfers);
  if (hosts === 0) {
    const nothing = asBefore === 0 ? 'There was nothing to deliver' : 'Nothing new to deliver';
    const all = transfers.length === 1 && asBefore > 0 && `: ${asBeforeText(asBefore)}`;
    return markup`${nothing}${ofSources(transfers, 'from')}${to(transfers)}${all}${look}`;
  }
  const what = asBefore === 0 ? 'All' : 'All that changed';
  const end = transfers.some(({ isFile }) => isFile) ? 'written' : 'delivered';
  const acknowledged = !transfers.some(({ isFile }) => isFile) && ' and acknowledged';
  return markup`${what}${ofSources(transfers)} was ${end}${to(transfers)}${acknowledged}${look}`;
}

function failedHeadline(transfers: readonly TransferSummary[]): Markup {
  const missing = transfers.filter((transfer) => !isWhole(transfer));
  // What failed was not the delivery: the page would not be told of it otherwise.
  const about = missing.length === 0 ? transfers : missing;
  const done = transfers.some(({ isFile }) => isFile) ? 'written' : 'delivered';
  if (missing.length === 0 && transfers.length > 0) {
    return markup`The run failed after all${ofSources(transfers)} was ${done}`;
  }
  const much = about.every(({ hosts }) => hosts === 0) ? 'Nothing' : 'Not everything';
  return markup`${much}${ofSources(about)} was ${done}${to(about)}`;
}

function ofSources(transfers: readonly TransferSummary[], of = 'of'): Markup | false {
  const names = new Set(transfers.map(({ source }) => source));
  return names.size > 0 && markup` ${of} ${named(names, 'sources')}`;
}

function to(transfers: readonly TransferSummary[]): Markup | false {
  const several = transfers.some(({ isFile }) => isFile) ? 'files' : 'Management Centers';
  const names = new Set(transfers.flatMap(({ place }) => place ?? []));
  return names.size > 0 && markup` to ${named(names, several)}`;
}

/** The one, or how many. */
function named(names: ReadonlySet<string>, several: string): Markup | string {
  const [one = ''] = names;
  return names.size === 1 ? foreign(one) : `${names.size} ${several}`;
}

/** Of one input at one place. */
function single(transfers: readonly TransferSummary[]): (Markup | false)[] {
  return transfers.map((transfer) =>
    isWhole(transfer)
      ? markup`${concerns(transfer)}<p>${wholeText(transfer)}</p>`
      : markup`<p>${missingText(transfer)}</p>${concerns(transfer)}`,
  );
}

/** Of several inputs at one place, or of one of several places. */
function group(transfers: readonly TransferSummary[]): Markup {
  const missing = transfers.filter((transfer) => !isWhole(transfer));
  const whole = transfers.filter(isWhole);
  const items = [...missing, ...whole].map(
    (transfer) =>
      markup`<li>${isWhole(transfer) ? itemText(transfer) : missingText(transfer)}${concerns(transfer)}</li>
`,
  );
  return markup`<div class="place">${placeText(transfers, missing.length)}<ul>${items}</ul></div>
`;
}

function placeText(transfers: readonly TransferSummary[], missing: number): Markup | false {
  const [{ isFile, place } = { isFile: true, place: undefined }] = transfers;
  if (isFile || place === undefined) return false;
  return missing === 0
    ? markup`<p><strong>${foreign(place)}</strong> has acknowledged all:</p>`
    : markup`<p class="lacking"><strong>${foreign(place)}</strong> lacks something:</p>`;
}

function wholeText(transfer: TransferSummary): Markup {
  const { source, hosts, findings, asBefore } = transfer;
  const before = asBefore > 0 && ` ${asBeforeText(asBefore)}, and not sent again.`;
  if (hosts === 0) {
    return markup`Nothing of what came from <strong>${foreign(source)}</strong> had to go to ${placeOf(transfer)}.${before}`;
  }
  const what = `${counted(hosts, 'host')} with ${counted(findings, 'finding')}`;
  const verb = hosts === 1 ? 'was' : 'were';
  return transfer.isFile
    ? markup`${what} from <strong>${foreign(source)}</strong> ${verb} written to ${placeOf(transfer)}. Nothing was sent to a Management Center.${before}`
    : markup`${what} from <strong>${foreign(source)}</strong> ${verb} delivered to ${placeOf(transfer)}, which acknowledged all of it.${before}`;
}

/** Among others of the same place. */
function itemText(transfer: TransferSummary): Markup {
  const { source, isFile, hosts, findings, asBefore } = transfer;
  const before = asBefore > 0 && `, ${asBeforeText(asBefore)}`;
  const what = hosts === 0 ? 'nothing' : `${counted(hosts, 'host')} with ${counted(findings, 'finding')}`;
  return markup`<strong>${foreign(source)}</strong>: ${what}${isFile && markup` in ${placeOf(transfer)}`}${before}.`;
}

/** What is not in, and why. */
function missingText(transfer: TransferSummary): Markup {
  const { source, outcome, hosts, ofHosts, isFile, error, unsentFile } = transfer;
  if (outcome === 'not started') return markup`<strong>${foreign(source)}</strong> was not begun.`;
  const known = ofHosts !== undefined && ofHosts >= hosts;
  const much = known ? `${grouped(hosts)} of ${counted(ofHosts, 'host')}` : counted(hosts, 'host');
  const done = isFile ? markup`written` : markup`acknowledged by ${placeOf(transfer)}`;
  const kept =
    unsentFile !== undefined &&
    error?.includes(unsentFile) !== true &&
    markup` What is missing was kept in <code>${foreign(unsentFile)}</code>.`;
  return markup`<strong>${foreign(source)}</strong>: ${much} ${hosts === 1 ? 'is' : 'are'} ${done}.${error !== undefined && message(error)}${kept}`;
}

/** Why somebody should look. */
function concerns({ complaints, concerns }: TransferSummary): Markup {
  return markup`${complaints > 0 && markup`<p>The Management Center complained in ${counted(complaints, 'answer')}: the log has its words.</p>`}${concerns.map(message)}`;
}

/** Of an error: its advice and code stand in it. */
function message(text: string): Markup {
  return markup`<p class="message">${foreign(text)}</p>`;
}

function placeOf({ place }: TransferSummary): Markup | string {
  return place === undefined ? 'the Management Center' : markup`<strong>${foreign(place)}</strong>`;
}

function asBeforeText(hosts: number): string {
  return counted(hosts, 'host is as before', 'hosts are as before');
}

function sums(transfers: readonly TransferSummary[]): { readonly hosts: number; readonly asBefore: number } {
  const sum = (of: (transfer: TransferSummary) => number): number =>
    transfers.reduce((before, transfer) => before + of(transfer), 0);
  return { hosts: sum(({ hosts }) => hosts), asBefore: sum(({ asBefore }) => asBefore) };
}
