import type { ConnectorError } from '../../connector-error.ts';
import { FindingList } from '../../records/finding-list.ts';
import { HostList } from '../../records/host-list.ts';
import { grouped } from '../../text/grouped.ts';
import { oneLine } from '../../text/one-line.ts';
import { QualysApiNotAllowedError, QualysRequestRefusedError } from '../answers/errors.ts';
import { quotaWords } from '../answers/quota.ts';
import { type LongAnswer, readLong } from '../answers/read-long.ts';
import { persist } from '../retry/persist.ts';
import { TransientError } from '../retry/transient.ts';
import { detectionPlan, type PageParts, type WantedDetections } from './detection-plan.ts';
import {
  DetectionNotAllowedError,
  DetectionRefusedError,
  HostStallsError,
  PageBrokenError,
  PagesStandStillError,
} from './errors.ts';
import { pageForm } from './page-form.ts';
import { Portion } from './portion.ts';
import type { DetectionSession } from './session.ts';

/** All hosts with their findings, of all pages. */
export interface DetectedHosts {
  readonly hosts: HostList;
  readonly findings: FindingList;
  readonly qids: ReadonlySet<number>;
  belowScore: number;
  invalidBytes: number;
}

export function noDetectedHosts(): DetectedHosts & { readonly qids: Set<number> } {
  return {
    hosts: new HostList(),
    findings: new FindingList(),
    qids: new Set(),
    belowScore: 0,
    invalidBytes: 0,
  };
}

/** The first id of the next page; undefined: this is the last one. */
type Next = number | undefined;

/**
 * Reads page after page into `found`, each of them whole or not at all.
 * @throws the errors of errors.ts, those of the calls, and the budget's reason
 */
export async function readPages(
  session: DetectionSession,
  wanted: WantedDetections,
  found: ReturnType<typeof noDetectedHosts>,
): Promise<void> {
  const portion = new Portion(session.access.pageSize);
  let from: Next;
  for (;;) {
    const doing = from === undefined ? 'reading the first page' : `reading the page from host id ${from} on`;
    session.doing(doing);
    const at: Next = from;
    const next: Next = await persist(session, doing, () => readPage(session, portion, wanted, found, at));
    if (next === undefined) return;
    from = next;
  }
}

/** One try of one page. What it brought is taken back unless its end was seen. */
async function readPage(
  session: DetectionSession,
  portion: Portion,
  wanted: WantedDetections,
  found: ReturnType<typeof noDetectedHosts>,
  from: Next,
): Promise<Next> {
  const { hosts, findings } = found;
  const [hostMark, findingCount] = [hosts.mark(), findings.length];
  const parts = noParts(found);
  try {
    const answer = await askForPage(session, parts, wanted, from, portion.size);
    const next = nextOf(parts, from, session, answer);
    found.belowScore += parts.belowScore;
    found.invalidBytes += answer.invalidBytes;
    for (const qid of parts.qids) found.qids.add(qid);
    session.counts.pages++;
    portion.wentWell();
    tellPage(session, hosts.length - hostMark.length, findings.length - findingCount, answer);
    return next;
  } catch (error) {
    hosts.returnTo(hostMark);
    findings.truncate(findingCount);
    throw troubleOf(error, session, portion, parts, from);
  }
}

export function noParts({ hosts, findings }: Pick<DetectedHosts, 'hosts' | 'findings'>): PageParts {
  return { hosts, findings, qids: new Set(), belowScore: 0, host: undefined, more: undefined, warnings: [] };
}

/** One request for a page, whose parts are taken as they come. */
export async function askForPage(
  { access, connection, log, budget, counts, watch }: DetectionSession,
  parts: PageParts,
  wanted: WantedDetections,
  from: Next,
  size: number,
): Promise<LongAnswer> {
  const form = pageForm(access, from, size);
  return access.detectionVersions.speak({ server: connection.server, log }, (version) => {
    counts.calls++;
    const path = `/api/${version}/fo/asset/host/vm/detection/`;
    return readLong(
      connection,
      { method: 'POST', path, form, silence: access.responseTimeout },
      { root: 'HOST_LIST_VM_DETECTION_OUTPUT', response: detectionPlan(parts, wanted), watch, broken },
      'listing the host detections',
      budget.signal,
    );
  });
}

function broken(what: string): TransientError {
  return new TransientError(new PageBrokenError(what), { maybeDone: true, ofContents: true });
}

/** Only the id is taken from the URL, which may name any host. @throws PagesStandStillError */
function nextOf(
  { more, warnings }: PageParts,
  from: Next,
  { log }: DetectionSession,
  { shown }: LongAnswer,
): Next {
  for (const { code, text } of warnings) {
    log.warning('detection.warning', `Qualys warns: ${shown(`${code} ${text}`, 300)}`);
  }
  if (more === undefined) return undefined;
  const named = /[?&]id_min=(\d{1,15})(?:&|$)/.exec(more.url)?.[1];
  const next = Number(named);
  if (named === undefined || next <= (from ?? 0)) {
    throw new PagesStandStillError(from ?? 0, named === undefined ? 'no host id' : `host id ${next}`);
  }
  return next;
}

/** What a refusal means for the reading of detections; undefined: it is none. */
export function refusalOf(error: unknown): ConnectorError | undefined {
  if (error instanceof QualysApiNotAllowedError) return new DetectionNotAllowedError(error.happened);
  return error instanceof QualysRequestRefusedError ? new DetectionRefusedError(error.happened) : undefined;
}

/** What to throw for it; a page that takes too long is asked for in halves from now on. */
function troubleOf(
  error: unknown,
  { log }: DetectionSession,
  portion: Portion,
  parts: PageParts,
  from: Next,
): unknown {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return refusal;
  const alone = (trouble: ConnectorError): Error =>
    new HostStallsError(nameOf(parts, from), trouble.happened);
  const { error: thrown, halved } = portion.failed(error, alone);
  if (halved) {
    log.info('detection.smaller', `The page is too much at once: from now on ${portion.size} hosts`, {
      hosts: portion.size,
    });
  }
  return thrown;
}

function nameOf({ host }: PageParts, from: Next): string {
  if (host === undefined || host.id === '') return `the first host with the id ${from ?? 0} or a later one`;
  return `host id ${oneLine(host.id, 20)}${host.address === '' ? '' : `, ${oneLine(host.address, 50)}`}`;
}

function tellPage(
  { counts, log }: DetectionSession,
  hosts: number,
  findings: number,
  { header }: LongAnswer,
): void {
  const { pages } = counts;
  const quota = quotaWords(header);
  const text = `Page ${pages}: ${grouped(hosts)} hosts, ${grouped(findings)} findings; ${quota}`;
  const fields = { page: pages, hosts, findings };
  // The first one tells what a run costs; a page more or less is nothing to read in the morning.
  if (pages === 1) log.info('detection.page', text, fields);
  else log.debug('detection.page', text, fields);
}
