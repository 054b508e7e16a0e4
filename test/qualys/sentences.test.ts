import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { PlannedFault } from '../../src/simulators/qualys/qualys-simulator.ts';
import { openRoom } from '../support/qualys-room.ts';

const KINDS = [
  ...([
    'page 200',
    'page 403',
    'page 404',
    'page 410',
    'page 503',
    'redirect',
    'empty',
    'another document',
  ] as const),
  ...(['simple 999', 'simple 1905', 'simple 1965', 'simple 2000', 'simple 2001', 'simple 2003'] as const),
  ...(['simple 2012', 'simple 7001', 'generic 5000', 'without id'] as const),
];

/** What the run ends with when that fault lasts. */
async function messageFor(t: TestContext, fault: PlannedFault, api: 'v1' | 'v2' = 'v2'): Promise<string> {
  const room = await openRoom(t, { faults: [fault] });
  const ended = await room.download({ api, reportTimeout: 600 }).then(String, String);
  return [ended, ...room.log.messages('warning')].join('\n');
}

describe('a sentence about a trouble ends in one full stop', () => {
  for (const kind of KINDS) {
    it(kind, async (t) => {
      for (const at of ['launch', 'fetch'] as const) {
        assert.doesNotMatch(await messageFor(t, { at, kind, times: Infinity }), /\.\.|\)\)/);
      }
      const classic = await messageFor(t, { at: 'asset-data-report', kind, times: Infinity }, 'v1');
      assert.doesNotMatch(classic, /\.\./);
      assert.match(classic, /\. .*\[QC/);
    });
  }
});

describe('an account that Qualys does not serve', () => {
  const of = async (t: TestContext, kind: PlannedFault['kind'], words?: string): Promise<string> =>
    messageFor(t, { at: 'launch', kind, times: Infinity, ...(words !== undefined && { words }) });

  it('that never accepted the terms is told to log in once', async (t) => {
    assert.match(await of(t, 'simple 2003'), /Log in once .* accept the terms.*QC3023/);
  });

  it('with single sign-on only is told of the OAuth client', async (t) => {
    const words = 'SAML SSO is enforced for this account';
    assert.match(await of(t, 'simple 1905', words), /make an OAuth client.*client_id.*QC3023/);
    assert.match(await of(t, 'simple 2000'), /single sign-on only.*client_id.*QC3021/);
  });

  it('that lacks a right is told whom to ask for what', async (t) => {
    assert.match(await of(t, 'simple 2012'), /Ask your Qualys manager to allow API access.*QC3024/);
  });
});
