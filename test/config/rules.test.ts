import assert from 'node:assert/strict';
import test from 'node:test';
import { DEFAULTS } from '../../src/config/keys.ts';
import { rulesOf } from '../../src/config/rules.ts';

test('what rules the commands names no secret, nor what only tells the way to Qualys', () => {
  const config = {
    ...DEFAULTS,
    password: undefined,
    pkcs12PasswordCommand: ['pass', 'show', 'management-center'],
    onFailure: ['notice'],
    kbCache: '/var/cache/elsewhere',
    pageSize: 20,
  } as unknown as Parameters<typeof rulesOf>[0];
  assert.deepEqual(rulesOf(config), rulesOf(DEFAULTS as unknown as Parameters<typeof rulesOf>[0]));
  assert.ok('min_severity' in rulesOf(config));
});
