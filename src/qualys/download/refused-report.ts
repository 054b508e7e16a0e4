import type { Answer } from '../answers/answer.ts';
import { type AnswerOrigin, judge } from '../answers/judge.ts';
import { isReturn } from '../../xml/fault.ts';
import { UnexpectedDocumentError } from './errors.ts';

/** The error in an answer that came in place of a report. */
export function refusedReport(answer: Answer, origin: AnswerOrigin): Error {
  const { root } = answer;
  if (!isDocumentOfAnotherKind(answer)) {
    try {
      judge(answer, [], origin);
    } catch (error) {
      if (error instanceof Error) return error;
    }
  }
  return new UnexpectedDocumentError(answer.shown(root ?? '', 100));
}

function isDocumentOfAnotherKind({ status, kind, fault, root }: Answer): boolean {
  return status === 200 && kind === 'xml' && fault === undefined && !isReturn(root);
}
