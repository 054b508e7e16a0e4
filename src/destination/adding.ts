import type { CommandPart, CommandStream, UnitPart } from '../host-input/command-stream.ts';

/**
 * A run with several templates: addresses of the hosts that have findings of it already, in the Management Center (or
 * in the CSV files). What a later template says of such a host adds to them.
 */
export type Delivered = Set<string>;

type Hosts = Pick<ReadonlySet<string>, 'has'>;

const REPLACES = /(^|\n)ScanFlush\n$/;
const CLEARS = /(^|\n)DeleteScanResult,[^\n]*\nScanUpdate\n$/;

/** The same commands, but what would replace the findings of a delivered host adds to them or, empty, is left out. */
export async function* adding(stream: CommandStream, delivered: Hosts): CommandStream {
  for await (const parts of stream) yield parts.flatMap((part) => added(part, delivered));
}

function added(part: CommandPart, delivered: Hosts): CommandPart | UnitPart[] {
  if (part.kind === 'setting' || !part.ends || !delivered.has(part.address)) return part;
  if (!CLEARS.test(part.text)) return { ...part, text: part.text.replace(REPLACES, '$1ScanUpdate\n') };
  const text = part.text.replace(CLEARS, '$1');
  return text === '' ? [] : [{ ...part, text, commands: part.commands - 2 }];
}
