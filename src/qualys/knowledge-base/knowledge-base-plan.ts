import type { GlossaryEntry } from '../../records/records.ts';
import { LARGEST_QID, wholeNumber } from '../../records/written-values.ts';
import { container, type ElementPlan } from '../../xml/cutting/element-plan.ts';
import { textsAt } from '../../xml/cutting/parse-element.ts';
import { element, text } from '../../xml/cutting/taking.ts';

/** What stands in the RESPONSE of a KNOWLEDGE_BASE_VULN_LIST_OUTPUT: in any order, and more of it is skipped. */
export function knowledgeBasePlan(
  take: (entry: GlossaryEntry) => void,
): Readonly<Record<string, ElementPlan>> {
  let entry = noEntry();
  const vulnerability = container(
    {
      QID: text((found) => (entry.qid = wholeNumber(found, LARGEST_QID))),
      SEVERITY_LEVEL: text((found) => (entry.severity = wholeNumber(found, 5) || undefined)),
      TITLE: text((found) => (entry.title = known(found))),
      DIAGNOSIS: text((found) => (entry.threat = known(found))),
      CVE_LIST: element(({ node }) => (entry.cves = textsAt(node, ['CVE', 'ID']))),
      BUGTRAQ_LIST: element(({ node }) => (entry.bugtraqs = textsAt(node, ['BUGTRAQ', 'ID']))),
    },
    {
      enter: () => {
        entry = noEntry();
      },
      leave: () => {
        take(entry);
      },
    },
  );
  return { VULN_LIST: container({ VULN: vulnerability }) };
}

type EntryInWork = { -readonly [Key in keyof GlossaryEntry]: GlossaryEntry[Key] };

function noEntry(): EntryInWork {
  return { qid: 0, severity: undefined, title: '', threat: '', cves: [], bugtraqs: [] };
}

function known(found: string): string {
  return found === 'null' ? '' : found;
}
