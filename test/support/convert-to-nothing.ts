/** Run in a process of its own: converts the report that its argument names, keeps nothing, and tells its memory. */
import { emptyConversionCounts } from '../../src/conversion/counts.ts';
import { Conversion } from '../../src/conversion/convert-records.ts';
import { defaultConversion, reportSource } from './conversion.ts';
import { recordingLog } from './recording-log.ts';

const counts = emptyConversionCounts();
const commands = new Conversion(reportSource(process.argv[2] ?? ''), {
  config: defaultConversion,
  maximumLine: 65_536,
  log: recordingLog(0),
  signal: new AbortController().signal,
  veil: (text) => text,
}).commands(counts);
let bytes = 0;
for await (const batch of commands) {
  for (const part of batch) {
    bytes += Buffer.from(part.text).length;
  }
}
const peak = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ findings: counts.findings.converted, bytes, peak }));
