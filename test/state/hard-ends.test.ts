/** -state when a run is killed, has no room, or meets another one. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { realPath } from '../../src/files/real-path.ts';
import { acquireRunLock, serverOf } from '../../src/run-lock.ts';
import { connector, signalAfter, stageFor, type TestStage } from '../support/connector.ts';
import { recordingLog } from '../support/recording-log.ts';
import { runHere } from '../support/run-here.ts';
import { textOf } from '../support/text-of-page.ts';

/** Runs a command with a file system of 16 kB at its first argument, which is also its current directory. */
const SMALL_DISK = [
  ...['unshare', '--map-root-user', '--mount', 'sh', '-c'],
  'mount -t tmpfs -o size=16k none "$0" && cd "$0" && "$@"; code=$?; ls -A "$0/state" >&2; exit "$code"',
];

const possible = spawnSync('unshare', [...SMALL_DISK.slice(1), '/tmp', 'true']).status === 0;

suite('killed after it said', () => {
  let whole: TestStage;

  before(async () => {
    whole = await stageFor({ after }, { hosts: 20 });
    assert.equal((await runHere({ after }, whole.directory, whole.toServer)).code, 0);
    await whole.managementCenter.settled();
  });

  for (const said of ['Everything is sent', 'Sent command(s)', 'Summary of']) {
    test(`"${said}": the next run sends what it has to, and the map is right`, async (t) => {
      const stage = await stageFor(t, { hosts: 20, managementCenter: { maximumSize: 4096 } });
      const words = [...stage.toServer, '-state=state', '-changed', '-level=3'];
      const killed = await connector(words, {
        cwd: stage.directory,
        meanwhile: signalAfter(said, 'SIGKILL'),
      });
      assert.equal(killed.signal, 'SIGKILL', killed.output);
      const next = await runHere(t, stage.directory, words);
      assert.equal(next.code, 0, next.output);
      await stage.managementCenter.settled();
      assert.deepEqual(stage.managementCenter.networkMap, whole.managementCenter.networkMap);
      const files = await readdir(join(stage.directory, 'state'));
      assert.equal(files.length, 1, `something was left: ${files.join(' ')}`);
      const last = await runHere(t, stage.directory, words);
      assert.match(last.stdout, /hosts delivered +0 \[/);
    });
  }
});

test(
  'no room for the state: all is delivered, that is told, and the mark for the next run stays',
  { skip: !possible && 'a small file system cannot be mounted here' },
  async (t) => {
    const stage = await stageFor(t, { hosts: 200 });
    const disk = join(stage.directory, 'disk');
    await mkdir(disk);
    const words = [...stage.toServer, '-state=state', `-page=${stage.directory}/p.html`];
    const ended = await connector(words, { inside: [...SMALL_DISK, disk] });
    assert.equal(ended.code, 3, ended.output);
    assert.match(ended.stdout, /could not be remembered: .*the disk is full.*\[QC6103\]/);
    assert.match(ended.stderr, /^\S+\.state\.begun-1\n$/);
    const page = textOf(await readFile(join(stage.directory, 'p.html'), 'utf8'));
    assert.match(
      page,
      /^ All of .* acknowledged, but it needs a look .* could not be remembered: .*\[QC6103\]/,
    );
    await stage.managementCenter.settled();
    assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 200);
  },
);

test('a state that cannot be read is told before anything is downloaded', async (t) => {
  const stage = await stageFor(t, { hosts: 2 });
  const words = [...stage.toServer, '-state=state'];
  assert.equal((await runHere(t, stage.directory, words)).code, 0);
  const [name = assert.fail('none')] = await readdir(join(stage.directory, 'state'));
  const path = join(stage.directory, 'state', name);
  await rm(path);
  await symlink(name, path);
  const { launches } = stage.qualys;
  for (const more of [[], ['-csvfile=o.csv'], ['-test']]) {
    const { code, stdout } = await runHere(t, stage.directory, [...words, ...more]);
    assert.match(stdout, /acknowledged cannot be kept in .*\.state: .*\[QC6101\]/);
    assert.equal(code, 2);
  }
  assert.equal(stage.qualys.launches, launches);
});

test('two runs to one Management Center with the same folder go one after the other', async (t) => {
  const stage = await stageFor(t);
  const state = await realPath(join(stage.directory, 'state'));
  const { host: server, port } = stage.managementCenter;
  const job = `${serverOf({ server, port })} with -state=${state}`;
  const options = { wait: undefined, signal: new AbortController().signal, log: recordingLog() };
  const lock = await acquireRunLock(job, options);
  const refused = await runHere(t, stage.directory, [...stage.toServer, '-state=state']);
  lock.release();
  assert.equal(refused.code, 4, refused.output);
  assert.match(refused.stdout, /Another run for localhost:\d+ with -state=.* is going on/);
  assert.equal((await runHere(t, stage.directory, [...stage.toServer, '-state=state'])).code, 0);
});
