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

test('the rules of the defaults are those that the states of users have: another one sends every host again', () => {
  assert.deepEqual(rulesOf(DEFAULTS as unknown as Parameters<typeof rulesOf>[0]), {
    source: 'report',
    ips: '',
    asset_groups: '',
    tags: '',
    exclude_tags: '',
    tags_match: 'any',
    min_qds: '',
    superseded: 'true',
    scanned_within_days: '',
    add_host: 'false',
    set_hostname_attr: '',
    set_os_attr: '',
    finding_types: '["practice","vuln"]',
    include_fixed: 'false',
    min_severity: '1',
    only_qids: '',
    exclude_qids: '',
    exclude_hosts: '',
    with_cve_only: 'false',
    kev_file: '',
    only_kev: 'false',
    description_length: '255',
    mode: 'flush',
    clear_clean_hosts: 'false',
    domain: '',
    source_type: 'false',
  });
});
