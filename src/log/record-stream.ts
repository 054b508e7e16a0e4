import { pino } from 'pino';
import { harmlessJson } from '../text/harmless.ts';
import { levelOf } from './levels.ts';
import { bareLine, datedLine } from './log-line.ts';
import type { Line } from './output.ts';

// pino's own symbol for streams that want the record's parts.
const METADATA = pino.symbols.needsMetadataGsym;

/** What pino tells of a record beside its JSON, before each write. */
interface RecordStream extends pino.DestinationStream {
  readonly [METADATA]: true;
  lastLevel: number;
  lastMsg: string;
  lastObj: { readonly caller?: string };
}

/** Where pino writes: makes each record a line of the form wanted, and hands that on. */
export function recordStream(
  { logformat, utc }: { readonly logformat: 'text' | 'json'; readonly utc: boolean },
  now: () => Date,
  take: (line: Line) => void,
): pino.DestinationStream {
  const stream: RecordStream = {
    [METADATA]: true,
    lastLevel: 0,
    lastMsg: '',
    lastObj: {},
    write(json) {
      const level = levelOf(stream.lastLevel);
      if (logformat === 'json') {
        const line = harmlessJson(json.trimEnd());
        take({ level, whole: line, bare: line });
      } else {
        const record = { time: now(), level, message: stream.lastMsg, caller: stream.lastObj.caller };
        take({ level, whole: datedLine(record, utc), bare: bareLine(record) });
      }
    },
  };
  return stream;
}
