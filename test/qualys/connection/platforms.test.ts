import assert from 'node:assert/strict';
import { it } from 'node:test';
import { apiHostInsteadOf, gatewayOf, PLATFORM_HOSTS } from '../../../src/qualys/connection/platforms.ts';

it('a web interface or gateway leads to the API server of its platform', () => {
  assert.equal(apiHostInsteadOf('qualysguard.qualys.com'), 'qualysapi.qualys.com');
  assert.equal(apiHostInsteadOf('QualysGuard.qg3.apps.qualys.it'), 'qualysapi.qg3.apps.qualys.it');
  assert.equal(apiHostInsteadOf('gateway.qg1.apps.qualys.eu'), 'qualysapi.qualys.eu');
  assert.equal(apiHostInsteadOf('gateway.qg2.apps.qualys.eu'), 'qualysapi.qg2.apps.qualys.eu');
  assert.equal(apiHostInsteadOf('qualysgateway.mills.example'), 'qualysapi.mills.example');
});

it('the gateway of a platform is told by its API server', () => {
  assert.equal(gatewayOf('qualysapi.qualys.com'), 'gateway.qg1.apps.qualys.com');
  assert.equal(gatewayOf('qualysapi.qualys.eu'), 'gateway.qg1.apps.qualys.eu');
  assert.equal(gatewayOf('QualysAPI.qg3.apps.qualys.it'), 'gateway.qg3.apps.qualys.it');
  assert.equal(gatewayOf('qualysapi.gov1.qualys.us'), 'gateway.gov1.qualys.us');
  assert.equal(gatewayOf('qualysapi.mills.example'), 'qualysgateway.mills.example');
  assert.equal(gatewayOf('localhost'), undefined);
});

it('an API server and a private name are left alone', () => {
  for (const host of [...PLATFORM_HOSTS, 'localhost', 'qualys.mills.example']) {
    assert.equal(apiHostInsteadOf(host), undefined);
  }
});
