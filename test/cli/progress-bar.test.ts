import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  type ProgressSurroundings,
  terminalProgress,
  type TerminalProgress,
} from '../../src/cli/progress-bar.ts';
import { onTerminal } from './on-terminal.ts';

interface Watched {
  readonly progress: TerminalProgress;
  /** Everything written, and a clock to turn. */
  written: string;
  time: number;
}

function watched(
  terminal: { isTTY?: boolean; columns?: number },
  env: ProgressSurroundings['env'] = {},
): Watched {
  const state = { written: '', time: 0 };
  const write = (text: string): void => {
    state.written += text;
  };
  const progress = terminalProgress({ ...terminal, write }, { env, now: () => state.time });
  return Object.assign(state, { progress });
}

/** What a terminal shows after this was written to it: its last line, colours left out. */
function visible(written: string): string {
  const [last = ''] = written.split('\u001b[K').slice(-1);
  return last.replaceAll('\u001b[36m', '').replaceAll('\u001b[39m', '');
}

const sent = { hosts: 4_000, ofHosts: 10_000, findings: 61_234, blocks: 17 };

suite('progress', () => {
  test('writes not one character where there is no terminal', () => {
    for (const [terminal, env] of [
      [{}, {}],
      [{ isTTY: false }, {}],
      [{ isTTY: true }, { TERM: 'dumb' }],
    ] as const) {
      const screen = watched(terminal, env);
      screen.progress.generating('Running', 12, 30);
      screen.progress.downloading(1, 2);
      screen.progress.sending(sent);
      let wrote = false;
      screen.progress.around(() => (wrote = true));
      screen.progress.end();
      assert.equal(screen.written, '');
      assert.ok(wrote);
    }
  });

  test('shows how the report is getting on: state, per cent, time waited', () => {
    const screen = watched({ isTTY: true, columns: 120 });
    screen.progress.generating('Submitted', undefined, 5);
    assert.equal(visible(screen.written), 'Qualys makes the report: Submitted, 5 s');
    screen.time += 1_000;
    screen.progress.generating('Running\n', 50, 185);
    assert.equal(
      visible(screen.written),
      '[##########----------] Qualys makes the report: Running\\n, 50 %, 3 min 05 s',
    );
  });

  test('shows a long wait in hours', () => {
    const screen = watched({ isTTY: true });
    screen.progress.generating('Running', undefined, 7_380);
    assert.equal(visible(screen.written), 'Qualys makes the report: Running, 2 h 03 min');
  });

  test('shows the download: bytes, of how many, speed', () => {
    const screen = watched({ isTTY: true });
    screen.progress.downloading(0, 50e6);
    screen.time = 2_000;
    screen.progress.downloading(25e6, 50e6);
    assert.equal(
      visible(screen.written),
      '[##########----------] Downloading: 25.0 MB of 50.0 MB, 12.5 MB/s',
    );
    screen.time = 3_000;
    screen.progress.downloading(30e6, undefined);
    assert.equal(visible(screen.written), 'Downloading: 30.0 MB, 10.0 MB/s');
  });

  test('shows the sending: hosts, of how many, findings, blocks, time left', () => {
    const screen = watched({ isTTY: true, columns: 120 });
    screen.progress.sending({ hosts: 0, ofHosts: 10_000, findings: 0, blocks: 0 });
    screen.time = 40_000;
    screen.progress.sending(sent);
    assert.equal(
      visible(screen.written),
      '[########------------] Sending: 4,000 of 10,000 hosts, 61,234 findings, 17 blocks, 1 min 00 s left',
    );
  });

  test('never fills the last column, so that the terminal does not wrap', () => {
    const screen = watched({ isTTY: true, columns: 40 });
    screen.progress.sending(sent);
    assert.equal(visible(screen.written), 'Sending: 4,000 of 10,000 hosts');
    const tiny = watched({ isTTY: true, columns: 5 });
    tiny.progress.sending(sent);
    assert.equal(visible(tiny.written), 'Send');
  });

  test('is cut between words, and keeps its number where there is no room for the bar', () => {
    const screen = watched({ isTTY: true, columns: 80 });
    screen.progress.sending(sent);
    assert.equal(
      visible(screen.written),
      '[########------------] Sending: 4,000 of 10,000 hosts, 61,234 findings',
    );
    const narrow = watched({ isTTY: true, columns: 40 });
    narrow.progress.generating('Running', 12, 30);
    assert.equal(visible(narrow.written), 'Qualys makes the report: Running, 12 %');
    const one = watched({ isTTY: true, columns: 120 });
    one.progress.sending({ ...sent, blocks: 1 });
    assert.match(visible(one.written), /, 1 block$/);
  });

  test('draws at most ten times a second, but shows a new stage at once', () => {
    const screen = watched({ isTTY: true });
    for (let hosts = 0; hosts < 1_000; hosts += 1) {
      screen.time += 1;
      screen.progress.sending({ ...sent, hosts });
    }
    const drawings = screen.written.split('\r').length - 1;
    assert.ok(drawings >= 9 && drawings <= 11, String(drawings));
    screen.progress.downloading(1, 2);
    assert.match(visible(screen.written), /Downloading/);
  });

  test('makes room for a log line and comes back below it', () => {
    const screen = watched({ isTTY: true });
    screen.progress.sending(sent);
    const before = screen.written.length;
    screen.progress.around(() => (screen.written += 'a log line\n'));
    assert.ok(screen.written.slice(before).startsWith('\r\u001b[Ka log line\n\r\u001b[K'));
    assert.match(visible(screen.written), /Sending/);
  });

  test('and the log share a real terminal without spoiling a line', { timeout: 30_000 }, async (context) => {
    const module = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    const shown = await onTerminal(
      context,
      `import { terminalProgress } from ${module('../../src/cli/progress-bar.js')};
      import { openLog } from ${module('../../src/log/open-log.js')};
      const progress = terminalProgress(process.stderr);
      const log = openLog({ level: 2, logformat: 'text', ident: 'x', around: progress.around });
      progress.downloading(1e6, 2e6);
      log.info('a', 'first line');
      progress.downloading(2e6, 2e6);
      log.info('b', 'second line');
      progress.end();
      await log.close();`,
    );
    if (shown === undefined) return;
    const clear = '\r\u001b[K';
    const lines = shown
      .split('\n')
      .map((line) => line.slice(line.lastIndexOf(clear) + clear.length).trimEnd());
    assert.equal(lines.length, 3);
    assert.match(lines[0] ?? '', /^\w{3} \w{3} .* \[INFO\] first line$/);
    assert.match(lines[1] ?? '', /^\w{3} \w{3} .* \[INFO\] second line$/);
    assert.equal(lines[2], '');
    assert.match(shown, /Downloading: 1\.0 MB of 2\.0 MB/);
  });

  test('leaves a clean line at the end', () => {
    const screen = watched({ isTTY: true });
    screen.progress.sending(sent);
    screen.progress.end();
    assert.equal(visible(screen.written), '');
    const before = screen.written;
    screen.progress.around(() => undefined);
    assert.equal(screen.written, before);
  });

  test('has colours only where NO_COLOR is not set', () => {
    const colourful = watched({ isTTY: true });
    colourful.progress.sending(sent);
    assert.ok(colourful.written.includes('\u001b[36m'));
    const plain = watched({ isTTY: true }, { NO_COLOR: '1' });
    plain.progress.sending(sent);
    assert.ok(!plain.written.includes('\u001b[3'));
  });
});
