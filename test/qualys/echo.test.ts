import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeVeil } from '../../src/qualys/connection/veil.ts';
import type { FaultKind } from '../../src/simulators/qualys/qualys-simulator.ts';
import { openRoom, PASSWORD, USER, userLogin } from '../support/qualys-room.ts';

const TOKEN = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');

/** The login in the forms in which it may come back. */
const ECHOES: Readonly<Record<string, string>> = {
  'as it is': `${USER} ${PASSWORD}`,
  'in Base64': `Basic ${TOKEN}`,
  'in Base64, cut off': `Authorization: Basic ${TOKEN.slice(0, 20)}`,
  'in Base64, escaped': `Basic ${encodeURIComponent(TOKEN)}`,
  'escaped for a URL': `user=${encodeURIComponent(USER)}&password=${encodeURIComponent(PASSWORD)}`,
  'escaped for a form': new URLSearchParams({ [USER]: PASSWORD }).toString(),
  'escaped for XML': PASSWORD.replaceAll("'", '&apos;').replaceAll('ä', '&#228;'),
  'escaped twice': PASSWORD.replaceAll("'", '&amp;#x27;').replaceAll('ß', '&amp;#xDF;'),
  'escaped for JSON': PASSWORD.replaceAll("'", "\\'").replaceAll('ä', '\\u00e4'),
  'read as Latin-1': Buffer.from(PASSWORD, 'utf8').toString('latin1'),
};

/** Whether any part of the text could tell the login. */
function tells(text: string): boolean {
  const parts = [USER, PASSWORD, 'word', 'p&', "p'", 'p%27', TOKEN.slice(0, 12), 'mills'];
  return parts.some((part) => text.replaceAll(/password/gi, '').includes(part));
}

describe('what a server repeats of the login', () => {
  for (const [form, echo] of Object.entries(ECHOES)) {
    it(`${form} is hidden`, () => {
      const shown = makeVeil([{ user: USER, password: PASSWORD }])(`Refused: ${echo}; try again.`);
      assert.match(shown, /^Refused: .*\*\*\*.*try again\.$/);
      assert.ok(!tells(shown), shown);
    });

    for (const kind of ['page 200', 'page 403', 'page 503', 'simple 1905'] as FaultKind[]) {
      it(`${form} is hidden in log and error, "${kind}"`, async (t) => {
        const words = `${'x'.repeat(kind.startsWith('page') ? 100 : 480)} ${echo}`;
        const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
        const faults = [{ at: 'launch', kind, times: Infinity, words: escaped }] as const;
        const room = await openRoom(t, { faults });
        await assert.rejects(room.download({ reportTimeout: 60 }), (error) => {
          assert.ok(error instanceof Error && !tells(error.message), String(error));
          return true;
        });
        assert.ok(!tells(room.log.text().replaceAll(room.directory, '')), room.log.text());
      });
    }
  }

  it('is hidden where it is all that is said, however short', () => {
    const veil = makeVeil([{ user: 'ab', password: 'ä€x' }]);
    assert.deepEqual(['ab', 'ä€x', '\ufffd\ufffdx', 'eyJabcde', '1', ''].map(veil), [
      ...['***', '***', '***', '***'],
      ...['1', ''],
    ]);
  });

  it('is hidden for the proxy too', async (t) => {
    const words = `Proxy-Authorization: Basic ${Buffer.from('gate:s3cr!t').toString('base64')} s3cr%21t`;
    const room = await openRoom(t, { faults: [{ at: 'launch', kind: 'page 403', times: 1, words }] });
    const { port } = room.simulator;
    const env = { HTTPS_PROXY: `http://gate:s3cr%21t@127.0.0.1:${port}`, NO_PROXY: 'localhost' };
    await assert.rejects(room.download({}, undefined, env), (error) => {
      assert.match(String(error), /Basic \*\*\* \*\*\*/);
      return true;
    });
  });

  it('leaves other words alone, even where a user is called like a part of them', () => {
    const veil = makeVeil([{ user: 'qa', password: 'x' }]);
    assert.equal(veil('Quality of qa: xerox x, HTTP 401'), 'Quality of ***: xerox ***, HTTP 401');
  });

  it('makes no difference to the download', async (t) => {
    const room = await openRoom(t, { user: '4888001', password: 'Finished' });
    const login = userLogin('4888001', 'Finished');
    await (await room.download({ login })).close();
    assert.deepEqual(room.simulator.alive(), []);
  });
});
