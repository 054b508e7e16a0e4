import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import type { TestContext } from 'node:test';
import { askPassword } from '../../src/cli/ask-password.ts';

const MODULE = new URL('../../src/cli/ask-password.js', import.meta.url).href;
const PROGRAM = `
  import { askPassword, canAskPassword } from ${JSON.stringify(MODULE)};
  try {
    const secret = await askPassword('Password: ');
    const length = secret.reveal().length;
    console.log('asked ' + canAskPassword() + ', length ' + length + ', last ' + secret.reveal().at(-1));
  } catch (error) { console.log(error.code + ' ' + error.exitCode); }
`;

/** Types the keys at the question on a real terminal; all that the terminal showed. */
async function onTerminal(context: TestContext, keys: string): Promise<string | undefined> {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  if (typeof stdout !== 'string' || !stdout.includes('util-linux')) {
    context.skip("util-linux's script(1) is not installed here");
    return undefined;
  }
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const command = [process.execPath, '--input-type=module', '--eval', PROGRAM].map(quoted).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null']);
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!shown.includes('Password: ') && (shown + text).includes('Password: ')) child.stdin.write(keys);
    shown += text;
  });
  await once(child, 'close');
  return shown;
}

suite('the question for a password', () => {
  test('on a terminal shows nothing of what is typed', { timeout: 30_000 }, async (context) => {
    const shown = await onTerminal(context, 'gehxx\u007f\u007feimü\r');
    if (shown === undefined) return;
    assert.match(shown, /Password: \r\n/);
    assert.match(shown, /asked true, length 7, last ü/);
    assert.ok(!shown.includes('geh') && !shown.includes('eim'), shown);
  });

  test('ends with exit code 130 at Ctrl-C', { timeout: 30_000 }, async (context) => {
    const shown = await onTerminal(context, 'geh\u0003');
    if (shown !== undefined) assert.match(shown, /QC1301 130/);
  });

  test('ends with an error at Ctrl-D', { timeout: 30_000 }, async (context) => {
    const shown = await onTerminal(context, '\u0004');
    if (shown !== undefined) assert.match(shown, /QC1302 2/);
  });

  test('answers with a Secret', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const answer = askPassword('Password: ', input, output);
    input.write('geheim\n');
    const secret = await answer;
    assert.equal(secret.reveal(), 'geheim');
    assert.equal(String(secret), '***');
    assert.equal(String(output.read()), 'Password: \n');
  });

  test('an input that ends unanswered is an error', async () => {
    const input = new PassThrough();
    const answer = askPassword('Password: ', input, new PassThrough());
    input.end();
    await assert.rejects(answer, { code: 'QC1302' });
  });
});
