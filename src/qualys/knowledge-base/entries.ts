import { LineList } from '../../records/line-list.ts';
import type { GlossaryEntry } from '../../records/records.ts';

/** What the KnowledgeBase said of a QID, and when; no entry: that it has none. */
export interface DatedEntry {
  readonly qid: number;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly entry?: Omit<GlossaryEntry, 'qid'> | undefined;
}

/** Code units of a text that are ever looked at (src/conversion/plain-text.ts). */
const LONGEST_TEXT = 131_072;

export type EntryList = LineList<DatedEntry>;

export function newEntryList(): EntryList {
  return new LineList<DatedEntry>();
}

export function datedEntry({ qid, ...entry }: GlossaryEntry, at: number): DatedEntry {
  const [title, threat] = [entry.title, entry.threat].map((text) => text.slice(0, LONGEST_TEXT));
  return { qid, at, entry: { ...entry, title: title ?? '', threat: threat ?? '' } };
}
