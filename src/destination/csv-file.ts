import { basename, dirname, join } from 'node:path';
import { csvFileSink } from '../sinks/csv-file.ts';
import { USUAL_MAXIMUM, type Destination } from './destination.ts';

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
