import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import { secretByCommand } from '../../src/secrets/secret-command.ts';
import { withEnvironment } from '../support/with-environment.ts';

const about = (script: string) => ({
  words: ['sh', '-c', script, 'hidden-word'] as const,
  key: 'password_command',
  what: 'the password of your Qualys account',
});

async function refusal(script: string): Promise<string> {
  return secretByCommand(about(script)).then(
    () => assert.fail('was accepted'),
    (error: unknown) => (error as Error).message,
  );
}

suite('a secret by command', () => {
  test('is the first line that the program writes', async () => {
    for (const [script, secret] of [
      ["printf ' it''s \\tso \\n2nd\\n'", ' its \tso '],
      ["printf 'päss\\r\\nmore'", 'päss'],
      ['printf x', 'x'],
    ] as const) {
      const found = await secretByCommand(about(script));
      assert.deepEqual([found.secret.reveal(), found.remark], [secret, undefined]);
      assert.ok(!inspect(found).includes(secret.trim()) || secret === 'x');
    }
  });

  test('is told apart from what the program says beside it', async () => {
    const { secret, remark } = await secretByCommand(about('echo s3cret; echo "s3cret ends\\tsoon" >&2'));
    assert.equal(secret.reveal(), 's3cret');
    assert.equal(remark, 'sh of password_command said: *** ends soon');
  });

  test('is not taken from a program that fails, and what it wrote is not shown', async () => {
    const message = await refusal('echo s3cret; echo second; echo "bad s3cret, second" >&2; exit 2');
    assert.match(
      message,
      /^sh of password_command did not give the password of your Qualys account: it ended with exit code 2\. It said: bad \*\*\*, \*\*\* Run .*\[QC6301\]$/,
    );
    assert.doesNotMatch(message, /s3cret|second|hidden-word/);
  });

  test('is asked of no program that is not there', async () => {
    const words = ['qc-is-not-there', 'show'] as const;
    await assert.rejects(secretByCommand({ ...about(''), words }), {
      code: 'QC6301',
      message:
        /^qc-is-not-there of password_command did not give .*: it is not there: no folder of PATH has it\. /,
    });
  });

  test('is refused where the line is no password', async () => {
    assert.match(await refusal('echo; echo second'), /but it is empty\..*\[QC6302\]$/);
    assert.match(await refusal('true'), /but it is empty\./);
    assert.match(await refusal("printf '\\377\\n'"), /is not UTF-8 text/);
    assert.match(await refusal('head -c 4097 /dev/zero | tr "\\0" x'), /is longer than 4096 bytes/);
  });

  test('is got by a program that is told no other secret', async (t) => {
    const ours = ['QUALYS_PASSWORD', 'PKCS12_PASSWORD', 'QUALYS_CLIENT_SECRET', 'HTTPS_PROXY_PASSWORD'];
    withEnvironment(t, { ...Object.fromEntries(ours.map((name) => [name, 'other'])), VAULT_ADDR: 'here' });
    const { secret } = await secretByCommand(about('echo $(env | grep -c "=other$") $VAULT_ADDR'));
    assert.equal(secret.reveal(), '0 here');
  });
});
