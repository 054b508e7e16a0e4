import { type ValuePlan, value } from './element-plan.ts';
import { type ParsedElement, parseElement } from './parse-element.ts';

/** Plans for single elements of which only the decoded form is wanted. */
export function element(take: (element: ParsedElement) => void): ValuePlan {
  return value((bytes, start, end) => {
    take(parseElement(bytes, start, end));
  });
}

export function text(take: (text: string) => void): ValuePlan {
  return element((parsed) => {
    take(parsed.text);
  });
}
