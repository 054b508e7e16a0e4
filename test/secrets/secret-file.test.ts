import assert from 'node:assert/strict';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readSecretFile } from '../../src/secrets/secret-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const folder = await temporaryDirectory();

let files = 0;
function fileWith(content: string | Buffer, mode = 0o600): string {
  const path = join(folder, `file ${(files += 1)}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const WHAT = 'the password of the certificate file';

suite('a password file', () => {
  test('gives its first line without the line end', async () => {
    const given: [string, string][] = [
      ['geheim', 'geheim'],
      ['geheim\n', 'geheim'],
      ['geheim\r\nmore\n', 'geheim'],
      [' gehéim \n\n', ' gehéim '],
      ['\ufeffgeheim\n', 'geheim'],
      ['x'.repeat(4_096), 'x'.repeat(4_096)],
    ];
    for (const [content, secret] of given) {
      assert.equal((await readSecretFile(fileWith(content), WHAT)).reveal(), secret);
    }
  });

  test('that has none, or no text, is an error that says so and shows nothing of it', async () => {
    for (const [content, wrong] of [
      ['', 'is empty'],
      ['\nsecond\n', 'is empty'],
      [Buffer.from([0x67, 0xe9, 0x68]), 'is not UTF-8'],
      ['x'.repeat(4_097), 'is longer than 4096 bytes'],
    ] as const) {
      await assert.rejects(readSecretFile(fileWith(content), WHAT), {
        code: 'QC1202',
        message: new RegExp(`first line of .* ${WHAT}, but it ${wrong}`),
      });
    }
  });

  test('that cannot be read is an error with the reason', async () => {
    await assert.rejects(readSecretFile(join(folder, 'none'), WHAT), { code: 'QC1201', message: /ENOENT/ });
    await assert.rejects(readSecretFile(folder, WHAT), { code: 'QC1201', message: /EISDIR/ });
  });

  test('may be a device without end', async (context) => {
    if (!statSync('/dev/zero', { throwIfNoEntry: false })) {
      context.skip('there is no /dev/zero here');
      return;
    }
    await assert.rejects(readSecretFile('/dev/zero', WHAT), { code: 'QC1202' });
  });
});
