import type { Check } from './check.ts';
import type { ConnectorError } from './connector-error.ts';
import { harmless, harmlessJson } from './text/harmless.ts';

/** What -test prints: each text whole lines. What servers say in them does no harm to a terminal. */
export interface CheckLines {
  step(check: Check): string;
  /** What ended the test before it was done. */
  failure(error: ConnectorError): string;
  /** Whether all is well. */
  end(checks: readonly Check[], well?: string): string;
}

/** What is said where all is well. */
const READY = 'ready';

/** Characters of a step's name. */
const NAME_WIDTH = 28;

const GREEN = '\u001b[32m';
const RED = '\u001b[31m';
const PLAIN = '\u001b[39m';

/** For people. */
export function textLines(coloured: boolean): CheckLines {
  const mark = (ok: boolean, text: string): string =>
    coloured ? `${ok ? GREEN : RED}${text}${PLAIN}` : text;
  return {
    step: ({ name, server, ok, detail }) =>
      `${mark(ok, ok ? 'ok    ' : 'FAILED')}  ${harmless(name).padEnd(NAME_WIDTH)}  ${lines(ofServer(detail, server))}\n`,
    failure: ({ message }) => `${lines(message)}\n`,
    end: (checks, well = READY) => `${mark(failedOf(checks) === 0, verdict(checks, well))}\n`,
  };
}

/** Says which of several Management Centers it is about, where it does not begin with that. */
function ofServer(detail: string, server: string | undefined): string {
  return server === undefined || detail.startsWith(`${server} `) ? detail : `${server}: ${detail}`;
}

/** For programs: a record a line, in the form of the log's. */
export function jsonLines(now: () => Date): CheckLines {
  const record = (level: 'info' | 'error', event: string, msg: string, fields: object): string =>
    `${harmlessJson(JSON.stringify({ level, time: now().toISOString(), pid: process.pid, event, ...fields, msg }))}\n`;
  return {
    step: ({ name, server, ok, detail }) =>
      record(ok ? 'info' : 'error', 'test.step', detail, { step: name, server, ok }),
    failure: ({ message, code }) => record('error', 'run.failed', message, { code }),
    end: (checks, well = READY) => {
      const failed = failedOf(checks);
      const level = failed === 0 ? 'info' : 'error';
      return record(level, 'test.complete', verdict(checks, well), { steps: checks.length, failed });
    },
  };
}

/** The terminal takes colours, and nobody has forbidden them. */
export function takesColour({ isTTY }: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

function verdict(checks: readonly Check[], well: string): string {
  const failed = failedOf(checks);
  return failed === 0 ? well : `${failed} of ${checks.length} failed`;
}

function failedOf(checks: readonly Check[]): number {
  return checks.filter(({ ok }) => !ok).length;
}

function lines(text: string): string {
  return text.split('\n').map(harmless).join('\n');
}
