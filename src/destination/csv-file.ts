import { basename, dirname, join } from 'node:path';
import { AtomicFile } from '../files/atomic-file.ts';
import { isDescriptor } from '../files/special-file.ts';
import { NOTHING, plus, tallyOf } from '../host-input/command-stream.ts';
import { USUAL_MAXIMUM } from '../management-center/session/messages.ts';
import { adding, type Delivered } from './adding.ts';
import type { Destination } from './destination.ts';
import type { Sink } from './sink.ts';

/** -csvfile: no Management Center is needed. Its lines are made for one that takes what they usually take. */
export function csvFileDestination(path: string): Destination {
  const file = (template: string | undefined) => csvFileOf(path, template);
  const delivered: Delivered = new Set();
  return {
    name: path,
    maximumLine: USUAL_MAXIMUM,
    file,
    delivered,
    sink: (template) => csvFileSink(file(template), template === undefined ? undefined : delivered),
  };
}

/** `424242_Output.csv` in the directory of the path given (guide); what is a descriptor, such as /dev/stdout, takes all. */
export function csvFileOf(path: string, template: string | undefined): string {
  return template === undefined || isDescriptor(path)
    ? path
    : join(dirname(path), `${template}_${basename(path)}`);
}

/**
 * Writes the commands to a file, which is there whole or not at all.
 * @param delivered hosts of earlier templates' files; those of this one are added when it is whole
 * @throws FileWriteError, what the stream throws, the signal's reason
 */
export function csvFileSink(path: string, delivered?: Delivered): Sink {
  return async (stream, { log, progress, signal, ofHosts, delivery, onAcknowledged }) => {
    log.info('csv.start', `Generating CSV File : ${path}`);
    const file = await AtomicFile.create('The CSV file', path, { signal });
    const addresses = new Set<string>();
    // Nothing counts as delivered before the file is there.
    let written = NOTHING;
    try {
      for await (const parts of delivered ? adding(stream, delivered) : stream) {
        signal.throwIfAborted();
        for (const part of parts) {
          written = plus(written, tallyOf(part, await file.write(part.text, part.encoding)));
          if (delivered && part.kind === 'unit' && part.findings > 0) addresses.add(part.address);
        }
        const { units: hosts, findings } = written;
        progress.sending({ hosts, ofHosts: ofHosts(), findings, blocks: 0 });
      }
      signal.throwIfAborted();
      await file.commit();
    } catch (error) {
      await file.discard();
      throw error;
    }
    Object.assign(delivery, written);
    for (const address of addresses) delivered?.add(address);
    onAcknowledged?.(undefined);
  };
}
