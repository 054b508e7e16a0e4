import type { NewFinding } from './changes.ts';
import { protocolOf, portOf, qidOf, severityOf } from './findings.ts';

/** Findings that are named. */
const MOST = 20;

/** Names the first of many findings that are of severity 5, then those of 4. */
export class GravestFindings {
  readonly #urgent: NewFinding[] = [];
  readonly #critical: NewFinding[] = [];

  note(finding: number, addressOf: () => string): void {
    const severity = severityOf(finding);
    if (severity < 4) return;
    const list = severity === 5 ? this.#urgent : this.#critical;
    if (list.length === MOST) return;
    list.push({
      address: addressOf(),
      qid: qidOf(finding),
      port: portOf(finding),
      protocol: protocolOf(finding),
      severity,
    });
  }

  list(): NewFinding[] {
    return [...this.#urgent, ...this.#critical].slice(0, MOST);
  }
}
