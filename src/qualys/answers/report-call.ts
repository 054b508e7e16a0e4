import type { QualysCall } from '../connection/call.ts';

/** A call of the report API in that version. */
export function reportCall(
  version: string,
  form: Readonly<Record<string, string>>,
  silence: number,
): QualysCall {
  return { method: 'POST', path: `/api/${version}/fo/report/`, form, silence };
}
