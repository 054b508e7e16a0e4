import { basename, dirname, join } from 'node:path';
import { type Destination, USUAL_MAXIMUM } from './destination.ts';
import { AtomicFile } from '../files/atomic-file.ts';
import { emptyDelivery, type Sink } from './sink.ts';

/** -csvfile: no Management Center is needed. */
export function csvFileDestination(file: string): Destination {
  return {
    name: file,
    maximumLine: USUAL_MAXIMUM,
    file: (template) => csvFileOf(file, template),
    sink: (template) => csvFileSink(csvFileOf(file, template)),
  };
}

/** `424242_Output.csv` in the directory of the path given (guide). */
function csvFileOf(file: string, template: string | undefined): string {
  return template === undefined ? file : join(dirname(file), `${template}_${basename(file)}`);
}

/** Writes the commands to a file, which is there whole or not at all. @throws FileWriteError */
export function csvFileSink(path: string): Sink {
  return async (stream, { log, progress, signal, ofHosts, delivery }) => {
    log.info('csv.start', `Generating CSV File : ${path}`);
    const file = await AtomicFile.create('The CSV file', path);
    // Nothing counts as delivered before the file is there.
    const written = emptyDelivery();
    try {
      for await (const parts of stream) {
        signal.throwIfAborted();
        for (const part of parts) {
          await file.write(part.text);
          if (part.kind === 'setting') {
            written.commands++;
            continue;
          }
          written.commands += part.commands;
          written.findings += part.findings;
          if (part.ends) written.units++;
        }
        progress.sending({
          hosts: written.units,
          ofHosts: ofHosts(),
          findings: written.findings,
          blocks: 0,
        });
      }
      signal.throwIfAborted();
      await file.commit();
      Object.assign(delivery, written, { bytes: file.bytes });
    } catch (error) {
      await file.discard();
      throw error;
    }
  };
}
