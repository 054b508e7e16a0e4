import type { CommandPart } from '../../src/host-input/command-stream.ts';
import { Interpreter } from '../../src/simulators/management-center/interpreter.ts';
import { NetworkMap, type NetworkMapData } from '../../src/simulators/management-center/network-map.ts';
import { textOf } from './units.ts';

/** The network map after all of these commands in one block on one connection. */
export function mapAfter(parts: Iterable<CommandPart>): NetworkMapData {
  const map = new NetworkMap();
  const interpreter = new Interpreter(map, false);
  interpreter.run(Buffer.from(textOf(parts)));
  interpreter.end();
  return map.toData();
}
