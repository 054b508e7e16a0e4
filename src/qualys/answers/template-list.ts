import type { ConnectorError } from '../../connector-error.ts';
import type { Answer } from './answer.ts';
import { ask } from './ask.ts';
import type { QualysConnection } from '../connection/connection.ts';
import { TemplateNotFoundError, TemplateUnsuitableError } from './errors.ts';
import { descendants, textOf } from '../../xml/node.ts';

export interface ReportTemplate {
  readonly id: string;
  readonly title: string;
  /** Auto or Manual. */
  readonly type: string;
  /** Scan, Patch, Compliance, Remediation, Map, … */
  readonly templateType: string;
  /** Whether it is Auto/Scan. */
  readonly suitable: boolean;
}

/** How many templates a message names. */
const NAMED = 20;

/** The account's report templates (`report_template_list.php`, still the only list of them). */
export async function listTemplates(
  connection: QualysConnection,
  signal: AbortSignal,
): Promise<ReportTemplate[]> {
  const call = { method: 'GET', path: '/msp/report_template_list.php', silence: 120 } as const;
  const doing = 'looking at the report templates';
  return readTemplates(await ask(connection, call, ['REPORT_TEMPLATE_LIST'], doing, signal));
}

/** The templates in a REPORT_TEMPLATE_LIST. */
export function readTemplates(answer: Answer): ReportTemplate[] {
  return descendants(answer.document, 'REPORT_TEMPLATE').map((template) => ({
    id: textOf(template, 'ID'),
    title: answer.shown(textOf(template, 'TITLE'), 80),
    type: answer.shown(textOf(template, 'TYPE'), 40),
    templateType: answer.shown(textOf(template, 'TEMPLATE_TYPE'), 40),
    suitable: /^auto\/scan$/i.test(`${textOf(template, 'TYPE')}/${textOf(template, 'TEMPLATE_TYPE')}`),
  }));
}

/** What is wrong with the template, or undefined where it is there and of the kind Auto/Scan. */
export function templateTrouble(
  templates: readonly ReportTemplate[],
  templateId: string,
  said: string,
): ConnectorError | undefined {
  const template = templates.find(({ id }) => id === templateId);
  if (template === undefined) return new TemplateNotFoundError(templateId, said, offer(templates));
  if (template.suitable) return undefined;
  return new TemplateUnsuitableError(templateId, template.title, kindOf(template), said, offer(templates));
}

export function kindOf({ type, templateType }: ReportTemplate): string {
  return `${type}/${templateType}`;
}

function offer(templates: readonly ReportTemplate[]): string {
  const suitable = templates.filter(({ suitable }) => suitable);
  if (suitable.length === 0) {
    return 'The account has no template of the type Auto/Scan: make one (Reports, Templates, New, Scan Template, host based findings).';
  }
  const named = suitable.slice(0, NAMED).map(({ id, title }) => `${id} "${title}"`);
  const more = suitable.length > NAMED ? ` and ${suitable.length - NAMED} more` : '';
  return `Templates of this account that can be used (Auto/Scan): ${named.join(', ')}${more}.`;
}
