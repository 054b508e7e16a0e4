import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandFile } from '../support/command-file.ts';
import { connector, stageFor } from '../support/connector.ts';
import { numbers, source, textOf, unit } from '../support/units.ts';

/** Runs a command with a file system of 16 kB at its first argument, which is also its current directory. */
const SMALL_DISK = [
  ...['unshare', '--map-root-user', '--mount', 'sh', '-c'],
  'mount -t tmpfs -o size=16k none "$0" && cd "$0" && "$@"; code=$?; ls -A "$0" >&2; exit "$code"',
];

const possible = spawnSync('unshare', [...SMALL_DISK.slice(1), '/tmp', 'true']).status === 0;
const skip = !possible && 'a small file system cannot be mounted here';

test(
  'no room for what could not be delivered: both are told, and nothing half is left',
  { skip },
  async (t) => {
    const stage = await stageFor(t, {
      managementCenter: {
        maximumSize: 1000,
        faults: ({ connection, block }) => (connection > 1 && block > 1 ? { does: 'close' } : undefined),
      },
    });
    const disk = join(stage.directory, 'disk');
    await mkdir(disk);
    const file = await commandFile(stage.directory, 200);
    const ended = await connector([...stage.toServer.slice(0, 3), '-retries=0', ...file], {
      inside: [...SMALL_DISK, disk],
    });
    assert.equal(ended.code, 1, ended.output);
    assert.match(ended.stdout, /the Management Center closed it/);
    assert.match(ended.stdout, /could not be kept either\..*the disk is full.*\[QC5508\]/);
    assert.match(ended.stdout, /hosts delivered +[1-9]/);
    assert.equal(ended.stderr, '', 'something was left on the disk');
  },
);

test(
  'no room for the page nor the metrics: told, all is delivered, and what was there before is left',
  { skip },
  async (t) => {
    const stage = await stageFor(t);
    const disk = join(stage.directory, 'disk');
    await mkdir(disk);
    const file = await commandFile(stage.directory, 20);
    const names = ['m.prom', 'p.html'];
    const full =
      `for name in ${names.join(' ')}; do echo "before $name" > $name; done; head -c 8k /dev/zero > filled; "$@"; code=$?; ` +
      `cat ${names.join(' ')}; exit "$code"`;
    const ended = await connector(
      [...stage.toServer.slice(0, 3), '-page=p.html', '-metrics=m.prom', ...file],
      {
        inside: [...SMALL_DISK, disk, 'sh', '-c', full, 'sh'],
      },
    );
    await stage.managementCenter.settled();
    assert.equal(ended.code, 2, ended.output);
    assert.match(ended.stdout, /The page p\.html cannot be written: the disk is full \(ENOSPC\)/);
    assert.match(ended.stdout, /The file of metrics m\.prom cannot be written: the disk is full \(ENOSPC\)/);
    assert.match(ended.stdout, /hosts delivered +20\b/);
    assert.match(ended.stdout, /^before m\.prom\nbefore p\.html$/m);
    assert.equal(Object.keys(stage.managementCenter.networkMap.hosts).length, 20);
    assert.deepEqual(ended.stderr.trim().split('\n').toSorted(), ['filled', ...names]);
  },
);

test('no room for a host that fits into no block: told, and what came before is in', { skip }, async (t) => {
  const stage = await stageFor(t, { managementCenter: { maximumSize: 600 } });
  const disk = join(stage.directory, 'disk');
  await mkdir(disk);
  const path = join(stage.directory, 'commands.csv');
  await writeFile(path, textOf([source, unit('192.0.2.1', [1]), unit('192.0.2.2', numbers(1, 400))]));
  const ended = await connector([...stage.toServer.slice(0, 3), `-plugininfo=${path}`, 'csv'], {
    inside: [...SMALL_DISK, disk],
    env: { TMPDIR: disk },
  });
  assert.equal(ended.code, 2, ended.output);
  assert.match(
    ended.stdout,
    /temporary file in .*disk: the disk is full \(ENOSPC\)\. Make room there.*\[QC5506\]/,
  );
  assert.match(ended.stdout, /hosts delivered +1\n/);
  assert.equal(ended.stderr, '', 'something was left on the disk');
  assert.deepEqual(await readdir(disk), []);
});
