import { failures } from './connector-error.ts';
import { ExitCode } from './exit-code.ts';
import { systemReason } from './files/system-reason.ts';

const failure = failures(ExitCode.failed);

const OutputUnwritableError = failure('QC1402', (cause: unknown) => [
  `Standard output cannot be written: ${systemReason(cause, { EPIPE: 'nobody reads it any more' })}.`,
  'Send it to a terminal, or to a file where there is room.',
  { cause },
]);

/** Shows a text. Resolves when it is out. */
export type Print = (text: string) => Promise<void>;

/** Writes to standard output. Resolves when the text is out. @throws OutputUnwritableError */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(new OutputUnwritableError(error));
      else resolve();
    });
  });
}

/** The streams tell each failure also by an event, which would end the process: whoever writes is told already. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
