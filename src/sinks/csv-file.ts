import { AtomicFile } from '../files/atomic-file.ts';
import type { Sink } from './sink.ts';

/** Writes the commands to a file, which is there whole or not at all. @throws FileWriteError */
export function csvFileSink(path: string): Sink {
  return async (stream, { log, progress, signal, ofHosts, delivery }) => {
    log.info('csv.start', `Generating CSV File : ${path}`);
    const file = await AtomicFile.create('The CSV file', path);
    try {
      for await (const parts of stream) {
        signal.throwIfAborted();
        for (const part of parts) {
          await file.write(part.text);
          if (part.kind === 'setting') {
            delivery.commands += 1;
            continue;
          }
          delivery.commands += part.commands;
          delivery.findings += part.findings;
          if (part.ends) delivery.units += 1;
        }
        progress.sending({
          hosts: delivery.units,
          ofHosts: ofHosts(),
          findings: delivery.findings,
          blocks: 0,
        });
      }
      signal.throwIfAborted();
      await file.commit();
      delivery.bytes = file.bytes;
    } catch (error) {
      await file.discard();
      throw error;
    }
  };
}
