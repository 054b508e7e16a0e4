import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * Every room (a folder of src, one of the Management Center's three, or a file that stands alone) from the ground up,
 * each with the rooms that it imports. A room stands above all that it imports, so that no arrow runs upward.
 */
const ROOMS: Readonly<Record<string, string>> = {
  clock: '',
  environment: '',
  'exit-code': '',
  progress: '',
  text: '',
  version: '',
  'connector-error': 'exit-code',
  check: 'connector-error',
  programs: 'connector-error exit-code',
  files: 'connector-error exit-code text',
  terminal: 'text',
  secrets: 'connector-error environment exit-code files programs terminal text',
  log: 'connector-error exit-code files programs text',
  xml: 'text',
  'check-lines': 'check connector-error text',
  'management-center/certificate': 'check connector-error exit-code files secrets text',
  'management-center/connection': 'clock connector-error exit-code files log management-center/certificate',
  option: 'secrets',
  options: 'connector-error exit-code log management-center/connection option programs text',
  outcome: 'connector-error exit-code files log',
  notice: 'connector-error environment exit-code log options outcome programs text',
  interruption: 'connector-error exit-code log outcome',
  'run-lock': 'clock connector-error exit-code files log options',
  servers: 'connector-error exit-code management-center/connection options run-lock',
  'host-input': 'connector-error exit-code files text',
  records: 'connector-error exit-code files',
  report: 'connector-error exit-code files records text xml',
  state: 'connector-error exit-code files host-input log records text',
  conversion: 'clock host-input log records text',
  'input-plugin':
    'check conversion files host-input log management-center/connection options programs progress records secrets state',
  config: 'check connector-error exit-code files management-center/connection programs secrets text',
  qualys: 'check clock config connector-error exit-code files log progress records run-lock text version xml',
  'management-center/session':
    'clock connector-error exit-code files host-input log management-center/connection text',
  'lean-heap': '',
  destination:
    'clock connector-error exit-code files host-input log management-center/certificate management-center/connection management-center/session options progress secrets text',
  'shared-input': 'clock input-plugin',
  transfer:
    'clock conversion destination exit-code host-input input-plugin log outcome progress records shared-input state version',
  summary:
    'check conversion destination exit-code files host-input log outcome records state text transfer version',
  metrics: 'destination exit-code files log summary',
  page: 'conversion exit-code files host-input records state summary text',
  results: 'log management-center/connection metrics options page summary',
  outputs:
    'destination files input-plugin log management-center/certificate management-center/connection metrics options page state summary',
  cli: 'config connector-error environment exit-code input-plugin management-center/connection option options progress text version',
  init: 'cli config connector-error exit-code files log management-center/certificate management-center/connection programs qualys run-lock secrets terminal text',
  print: 'connector-error exit-code files',
  'output-checks': 'check files options programs state',
  readiness:
    'check check-lines connector-error destination exit-code files input-plugin interruption log management-center/certificate management-center/session options outcome output-checks print programs progress servers summary',
  list: 'cli exit-code input-plugin log management-center/session options print progress text',
  'local-checks':
    'check check-lines connector-error destination exit-code input-plugin log management-center/certificate management-center/session options output-checks outputs print progress servers',
  'open-memory': 'files options run-lock state',
  receivers: 'destination input-plugin log open-memory outcome run-lock servers transfer',
  conclude:
    'exit-code files host-input input-plugin log management-center/connection notice options outcome page receivers results summary transfer',
  run: 'cli conclude exit-code input-plugin interruption log options outcome outputs page progress receivers servers transfer',
  InputPlugins:
    'check config connector-error conversion host-input input-plugin log management-center/connection qualys records report text',
  main: 'InputPlugins cli config connector-error exit-code files init input-plugin list local-checks log options outputs print readiness run text',
  start: 'exit-code lean-heap main',
  bin: 'start',
  release: 'version',
  simulators: 'host-input management-center/session text',
};

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

interface Import {
  readonly file: string;
  readonly typesOnly: boolean;
}

/** What every source file imports; all paths are from the checkout. */
const IMPORTS: ReadonlyMap<string, readonly Import[]> = new Map(
  ['src', 'bin', 'InputPlugins'].flatMap((folder) =>
    readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name))
      .map((file) => [file, importsOf(file)] as const),
  ),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(CHECKOUT, file), 'utf8');
  const statements = text.matchAll(/\b(?:import|export)( type)?[^;]*?'(\.[^']+\.ts)'/g);
  return [...statements].map(([, typesOnly, path = '']) => ({
    file: join(dirname(file), path),
    typesOnly: typesOnly !== undefined,
  }));
}

function roomOf(file: string): string {
  const [top = '', room = '', inner = ''] = file.replace(/(\.d)?\.ts$/, '').split('/');
  if (top !== 'src') return top;
  return room === 'management-center' ? `${room}/${inner}` : room;
}

suite('the rooms of the house', () => {
  const arrows = new Map(Object.keys(ROOMS).map((room) => [room, new Set<string>()]));
  for (const [importer, imported] of IMPORTS) {
    const from = roomOf(importer);
    const known = arrows.get(from) ?? new Set();
    arrows.set(from, known);
    for (const to of imported.map(({ file }) => roomOf(file))) if (to !== from) known.add(to);
  }

  for (const [room, imported] of arrows) {
    test(`${room} imports what the table allows it, and all of that`, () => {
      assert.ok(room in ROOMS, `${room} is a room that the table does not name`);
      assert.deepEqual([...imported].sort(), (ROOMS[room] ?? '').split(' ').filter(Boolean).sort());
    });
  }

  test('each stands above what it imports', () => {
    const below = new Set<string>();
    for (const [room, allowed] of Object.entries(ROOMS)) {
      for (const other of allowed.split(' ').filter(Boolean)) {
        assert.ok(below.has(other), `${room} imports ${other}, which does not lie below it`);
      }
      below.add(room);
    }
  });

  test('no file loads itself by way of others', () => {
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      assert.ok(!way.includes(file), `a circle: ${[...way, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const next of IMPORTS.get(file) ?? []) if (!next.typesOnly) visit(next.file, [...way, file]);
      done.add(file);
    };
    for (const file of IMPORTS.keys()) visit(file, []);
  });
});
