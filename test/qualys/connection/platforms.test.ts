import assert from 'node:assert/strict';
import { it } from 'node:test';
import { apiHostInsteadOf, PLATFORM_HOSTS } from '../../../src/qualys/connection/platforms.ts';

it('a web interface or gateway leads to the API server of its platform', () => {
  assert.equal(apiHostInsteadOf('qualysguard.qualys.com'), 'qualysapi.qualys.com');
  assert.equal(apiHostInsteadOf('QualysGuard.qg3.apps.qualys.it'), 'qualysapi.qg3.apps.qualys.it');
  assert.equal(apiHostInsteadOf('gateway.qg1.apps.qualys.eu'), 'qualysapi.qualys.eu');
  assert.equal(apiHostInsteadOf('gateway.qg2.apps.qualys.eu'), 'qualysapi.qg2.apps.qualys.eu');
  assert.equal(apiHostInsteadOf('qualysgateway.mills.example'), 'qualysapi.mills.example');
});

it('an API server and a private name are left alone', () => {
  for (const host of [...PLATFORM_HOSTS, 'localhost', 'qualys.mills.example']) {
    assert.equal(apiHostInsteadOf(host), undefined);
  }
});
