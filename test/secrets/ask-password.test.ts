import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { askPassword } from '../../src/secrets/ask-password.ts';
import { onTerminal } from '../cli/on-terminal.ts';

const MODULE = new URL('../../src/secrets/ask-password.js', import.meta.url).href;
const PROGRAM = `
  import { askPassword, canAskPassword } from ${JSON.stringify(MODULE)};
  try {
    const secret = await askPassword('Password: ');
    const length = secret.reveal().length;
    console.log('asked ' + canAskPassword() + ', length ' + length + ', last ' + secret.reveal().at(-1));
  } catch (error) { console.log(error.code + ' ' + error.exitCode); }
`;

suite('the question for a password', () => {
  test('on a terminal shows nothing of what is typed', { timeout: 30_000 }, async (context) => {
    const shown = await onTerminal(context, PROGRAM, {
      after: 'Password: ',
      keys: 'gehxx\u007f\u007feimü\r',
    });
    if (shown === undefined) return;
    assert.match(shown, /Password: \r\n/);
    assert.match(shown, /asked true, length 7, last ü/);
    assert.ok(!shown.includes('geh') && !shown.includes('eim'), shown);
  });

  test('ends with exit code 130 at Ctrl-C', { timeout: 30_000 }, async (context) => {
    const shown = await onTerminal(context, PROGRAM, { after: 'Password: ', keys: 'geh\u0003' });
    if (shown !== undefined) assert.match(shown, /QC1301 130/);
  });

  test('ends with an error at Ctrl-D', { timeout: 30_000 }, async (context) => {
    const shown = await onTerminal(context, PROGRAM, { after: 'Password: ', keys: '\u0004' });
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
