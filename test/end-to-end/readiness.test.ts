import assert from 'node:assert/strict';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  makeHostInputClient,
  makeInternalAuthority,
  makeServerCertificate,
} from '../../src/simulators/certificates.ts';
import { STAGE, type StageOptions } from '../../src/simulators/stage.ts';
import { certificates } from '../support/certificates.ts';
import { stageFor, type TestStage } from '../support/connector.ts';
import { runHere } from '../support/run-here.ts';

const DAY = 86_400_000;

interface Case {
  readonly name: string;
  readonly stage?: Omit<StageOptions, 'directory'>;
  /** Breaks it. */
  readonly spoil?: (stage: TestStage) => unknown;
  readonly args?: (stage: TestStage) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The line of the step that fails. */
  readonly failed: RegExp;
  /** Steps that are well all the same. */
  readonly ok: readonly string[];
}

async function changeYaml(stage: TestStage, from: RegExp, to: string): Promise<void> {
  await writeFile(stage.files.yaml, (await readFile(stage.files.yaml, 'utf8')).replace(from, to));
}

const CENTER = ['Management Center'];
const QUALYS = ['Qualys login', 'Report template', 'Report API'];

const CASES: readonly Case[] = [
  {
    name: 'the YAML is not there',
    spoil: (stage) => rm(stage.files.yaml),
    failed: /configuration +.*does not exist.*\[QC2\d+\]/,
    ok: CENTER,
  },
  {
    name: 'the YAML lacks a key',
    spoil: (stage) => changeYaml(stage, /template_id.*/, ''),
    failed: /configuration +.*No value provided for required key : template_id/,
    ok: CENTER,
  },
  {
    name: 'everybody can read the YAML',
    spoil: (stage) => chmod(stage.files.yaml, 0o644),
    failed: /permissions +.*QualysGuard\.yaml.*chmod 600 \//,
    ok: ['configuration', ...CENTER, ...QUALYS],
  },
  {
    name: 'everybody can read the file of -passwordfile',
    spoil: (stage) => writeFile(join(stage.directory, 'pw'), STAGE.pkcs12Password, { mode: 0o644 }),
    args: (stage) => [`-passwordfile=${join(stage.directory, 'pw')}`],
    failed: /permissions +.*pw \(mode 0644\).*chmod 600 \//,
    ok: ['configuration', ...CENTER, ...QUALYS],
  },
  {
    name: 'everybody can read the certificate file',
    spoil: (stage) => chmod(stage.files.pkcs12, 0o644),
    failed: /certificate file permissions +.*mode 0644.*chmod 600/,
    ok: ['configuration', ...CENTER, ...QUALYS],
  },
  {
    name: 'the password of the certificate file is wrong',
    args: () => ['-password=wrong'],
    failed: /certificate file +The password does not open.*\[QC5004\]/,
    ok: ['configuration', ...QUALYS],
  },
  {
    name: 'the certificate has expired',
    stage: {
      certificates: {
        ...certificates,
        client: makeHostInputClient(certificates.internalAuthority, '127.0.0.1', {
          notBefore: new Date(Date.now() - 2 * DAY),
          notAfter: new Date(Date.now() - DAY),
        }),
      },
    },
    failed: /certificate file +.*expired/,
    ok: ['configuration', ...QUALYS],
  },
  {
    name: 'nothing listens at the Management Center',
    spoil: (stage) => stage.managementCenter.close(),
    failed: /Management Center +.*the connection was refused.*\[QC5103\]/,
    ok: ['configuration', 'certificate file', ...QUALYS],
  },
  {
    name: 'the Management Center is a stranger',
    stage: {
      managementCenter: { serverIdentity: makeServerCertificate(makeInternalAuthority(), ['127.0.0.1']) },
    },
    failed: /Management Center +.*\[QC5034\]/,
    ok: ['configuration', 'certificate file', ...QUALYS],
  },
  {
    name: 'the Management Center refuses the version',
    stage: { managementCenter: { faults: () => ({ does: 'error', text: 'version 1 is too new' }) } },
    failed: /Management Center +.*version 1 is too new.*\[QC5503\]/,
    ok: ['configuration', 'certificate file', ...QUALYS],
  },
  {
    name: 'the Management Center takes no finding',
    stage: { managementCenter: { maximumSize: 7 } },
    failed: /Management Center +.*blocks of 7 bytes only.*\[QC5501\]/,
    ok: ['configuration', 'certificate file', ...QUALYS],
  },
  {
    name: "Qualys' name does not resolve",
    // Too long a label for DNS: no name server is asked.
    spoil: (stage) =>
      changeYaml(stage, /qualys_server.*/, `qualys_server: https://${'q'.repeat(64)}.invalid`),
    failed: /Qualys name +.*\[QC30\d\d\]/,
    ok: ['configuration', ...CENTER],
  },
  {
    name: 'nothing listens at Qualys',
    spoil: (stage) => stage.qualys.close(),
    failed: /Qualys connection +.*refused.*\[QC3002\]/,
    ok: ['configuration', ...CENTER, 'Qualys name'],
  },
  {
    name: 'the proxy is not there',
    stage: { yaml: ['proxy: http://127.0.0.1:1'] },
    failed: /Qualys proxy +.*\[QC30\d\d\]/,
    ok: ['configuration', ...CENTER],
  },
  {
    name: "Qualys' certificate is not trusted",
    spoil: (stage) => changeYaml(stage, /qualys_ca.*/, ''),
    failed: /Qualys TLS +.*not trusted.*\[QC3003\]/,
    ok: ['configuration', ...CENTER, 'Qualys name', 'Qualys connection'],
  },
  {
    name: 'the login is wrong',
    env: { QUALYS_PASSWORD: 'wrong' },
    failed: /Qualys login +.*Bad Login\/Password.*\[QC3021\]/,
    ok: ['configuration', ...CENTER, 'Qualys name', 'Qualys TLS'],
  },
  {
    name: 'the template does not exist',
    spoil: (stage) => changeYaml(stage, /template_id.*/, 'template_id: 777'),
    failed: /Report template 777 +.*424242/,
    ok: ['configuration', ...CENTER, 'Qualys login'],
  },
  {
    name: 'the template is of the wrong kind',
    stage: {
      qualys: { templates: [{ id: STAGE.template, title: 'Maps', templateType: 'Map' }] },
    },
    failed: /Report template 424242 +.*Map/,
    ok: ['configuration', ...CENTER, 'Qualys login'],
  },
];

for (const { name, stage: options, spoil, args, env = {}, failed, ok } of CASES) {
  test(`-test when ${name}: that step FAILED, exit code 2, nothing imported or made`, async (t) => {
    const stage = await stageFor(t, options);
    await spoil?.(stage);
    const ended = await runHere(t, stage.directory, [...stage.toServer, ...(args?.(stage) ?? []), '-test'], {
      env,
    });
    assert.equal(ended.code, 2, ended.output);
    const failures = ended.stdout.split('\n').filter((line) => line.startsWith('FAILED'));
    assert.equal(failures.length, 1, ended.stdout);
    assert.match(failures[0] ?? '', failed);
    for (const step of ok) {
      assert.ok(
        ended.stdout.includes(`\nok      ${step}`) || ended.stdout.startsWith(`ok      ${step}`),
        `${step}: ${ended.stdout}`,
      );
    }
    assert.equal(stage.qualys.launches, 0);
    assert.deepEqual(stage.managementCenter.networkMap.hosts, {});
  });
}

test('-test says of the Management Center how it is trusted, and what it takes', async (t) => {
  const stage = await stageFor(t);
  const trusted = await runHere(t, stage.directory, [...stage.toServer, '-test']);
  assert.equal(trusted.code, 0, trusted.output);
  assert.match(
    trusted.stdout,
    /^ok +Management Center +127\.0\.0\.1:\d+ answers, TLSv1\.3, trusted by the authority in the certificate file, accepts the version, takes 524288 bytes a block, \d+ ms$/m,
  );
  assert.match(trusted.stdout, /^ok +permissions /m);
  const insecure = await runHere(t, stage.directory, [...stage.toServer, '-test', '-insecure']);
  assert.match(insecure.stdout, /answers, TLSv1\.3, not authenticated \(-insecure\)/);
});
