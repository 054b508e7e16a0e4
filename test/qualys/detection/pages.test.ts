import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SampleHosts } from '../../../src/simulators/sample-hosts.ts';
import { sampleReport } from '../../../src/simulators/sample-report.ts';
import type { PlannedFault } from '../../../src/simulators/qualys/qualys-simulator.ts';
import { SAMPLE_VULNERABILITIES } from '../../../src/simulators/sample-vulnerabilities.ts';
import { convert } from '../../support/conversion.ts';
import { HOSTS, letTimePass, openDetectionRoom } from '../../support/detections.ts';
import { mapAfter } from '../../support/expected-map.ts';
import { differing, PASSING_FAULTS } from '../../support/passing-faults.ts';

const SAMPLE = { hosts: HOSTS, findingsPerHost: 6 };

/** A fault that a page bears, or that passes, in all its forms. */
const BORNE: readonly PlannedFault['kind'][] = [
  'warning first',
  'two host lists',
  'null texts',
  'another order',
];
const PASSING: readonly PlannedFault['kind'][] = [
  ...PASSING_FAULTS,
  'malformed page',
  'cut by close',
  'cut by end',
];

describe('the pages of detections', () => {
  it('give the network map that the report of the same hosts gives', async (t) => {
    const room = await openDetectionRoom(t);
    const all = { findingTypes: new Set(['vuln', 'practice', 'ig']), includeFixed: true, minSeverity: 1 };
    const [read, report] = await Promise.all([
      room.read({ pageSize: 7, ...all }),
      convert(t, [...sampleReport(SAMPLE)].join(''), all),
    ]);
    assert.deepEqual(mapAfter(read.parts), mapAfter(report.parts));
    assert.equal(read.counts.findings.converted, report.counts.findings.converted);
    assert.ok(read.counts.findings.converted > 100);
    assert.equal(read.detection.pages, 4);
  });

  it('are asked for by POST, without results, in steps that only Qualys’ id_min names', async (t) => {
    const room = await openDetectionRoom(t);
    await room.read({ pageSize: 10 });
    const pages = room.asked('detection');
    assert.deepEqual(
      pages.map((form) => [form.get('truncation_limit'), form.get('show_results'), form.get('show_igs')]),
      [
        ['10', '0', '0'],
        ['10', '0', '0'],
        ['10', '0', '0'],
      ],
    );
    const ids = pages.map((form) => Number(form.get('id_min') ?? 0));
    assert.deepEqual(
      [...ids].sort((a, b) => a - b),
      ids,
    );
    assert.ok(room.simulator.transcript.every(({ method, url }) => method === 'POST' && !url.includes('?')));
  });

  it('bear what live answers have', async (t) => {
    const plain = await (await openDetectionRoom(t)).read({ pageSize: 10, osAttribute: 'System' });
    for (const kind of BORNE) {
      const faults = [{ at: 'detection', kind, times: Infinity }] as const;
      const room = await openDetectionRoom(t, {}, { faults });
      const read = await room.read({ pageSize: 10, osAttribute: 'System' });
      assert.deepEqual(read.lines, plain.lines, kind);
    }
  });

  it('are asked for again after whatever passes, and nothing of a bad page stays', async (t) => {
    const plain = await (await openDetectionRoom(t)).read({ pageSize: 10 });
    for (const kind of PASSING) {
      const faults = [{ at: 'detection', kind, times: 1, after: 1 }] as const;
      const room = await openDetectionRoom(t, {}, { faults });
      const read = await room.read({ pageSize: 10 });
      assert.deepEqual(read.lines, plain.lines, kind);
      assert.deepEqual(read.counts, plain.counts, kind);
      // What is too late comes in smaller pages afterwards.
      assert.ok(read.detection.calls > plain.detection.calls, kind);
    }
  });

  it('tell how long the limits of the account were waited for', async (t) => {
    const faults = [{ at: 'detection', kind: 'simple 1965', times: 1, after: 1, seconds: 90 }] as const;
    const room = await openDetectionRoom(t, {}, { faults });
    const { detection } = await room.read({ pageSize: 10 });
    assert.ok(detection.limitSeconds >= 90 && detection.limitSeconds < 93, `${detection.limitSeconds}`);
    assert.match(
      room.log.messages('warning').join(),
      /calls are used up.*Next try \(reading the page .* in 9\d s/,
    );
  });

  it('are halved while they come too late, and grow again', async (t) => {
    const faults = [{ at: 'detection', kind: 'silent', times: Infinity, above: 3, after: 1 }] as const;
    const room = await openDetectionRoom(t, {}, { faults });
    letTimePass(room);
    const plain = await (await openDetectionRoom(t)).read();
    const read = await room.read({ pageSize: 10 });
    assert.deepEqual(read.lines, plain.lines);
    const sizes = room.asked('detection').map((form) => Number(form.get('truncation_limit')));
    assert.deepEqual(sizes.slice(0, 5), [10, 10, 5, 3, 3], sizes.join());
    assert.ok(
      sizes.slice(5).some((size) => size > 3),
      sizes.join(),
    );
  });

  it('keep their size while Qualys asks for patience, fails, or cannot be reached', async (t) => {
    const kinds = ['simple 1981', 'simple 1960', 'http 429', 'page 502', 'page 503', 'simple 999'] as const;
    for (const kind of kinds) {
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'detection', kind, times: 3, after: 1 }] },
      );
      await room.read({ pageSize: 10 });
      const sizes = room.asked('detection').map((form) => form.get('truncation_limit'));
      assert.deepEqual(sizes, Array(6).fill('10'), kind);
    }
  });

  it('end the run by the name of a host that does not even come alone', async (t) => {
    const address = [...new SampleHosts(SAMPLE).from(0)][13]?.address ?? '';
    const kinds = ['silent', 'stalled', 'cut by end', 'malformed page'] as const;
    for (const kind of kinds) {
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'detection', kind, times: Infinity, host: address }] },
      );
      letTimePass(room);
      await assert.rejects(room.read({ pageSize: 10, reportTimeout: 604_800 }), (error: Error) => {
        assert.match(error.message, /one host .*host.*\[QC3205\]/, kind);
        return true;
      });
      assert.equal(room.asked('detection').at(-1)?.get('truncation_limit'), '1');
    }
  });

  it('that do not go on end the run', async (t) => {
    for (const kind of ['id_min again', 'id_min missing'] as const) {
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'detection', kind, times: 1, after: 1 }] },
      );
      await assert.rejects(room.read({ pageSize: 10 }), /do not go on.*\[QC3204\]/);
      assert.equal(room.asked('detection').length, 2);
    }
  });

  it('are never taken for all where Qualys says, in whatever way, that there are more', async (t) => {
    const next = '<CODE>1980</CODE><TEXT>10 record limit exceeded.</TEXT><URL>https://q/?id_min=7</URL>';
    const signs: Readonly<Record<string, readonly string[]>> = {
      'another warning behind it': [next, '<CODE>2222</CODE><TEXT>Other</TEXT><URL>https://q/help</URL>'],
      'another warning with an empty URL behind it': [next, '<CODE>2222</CODE><TEXT>Other</TEXT><URL></URL>'],
      'an id that is too long, without the code': ['<URL>https://q/?id_min=1234567890123456</URL>'],
      'an id below 0, without the code': ['<URL>https://q/?id_min=-3</URL>'],
      'its words alone': ['<TEXT>10 record limit exceeded. Use URL to get next batch of results.</TEXT>'],
      'its code alone': ['<CODE>1980</CODE>'],
    };
    for (const [what, warnings] of Object.entries(signs)) {
      const elements = warnings.map((parts) => `<WARNING>${parts}</WARNING>`).join('');
      const document = `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><HOST_LIST></HOST_LIST>${elements}</RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;
      const room = await openDetectionRoom(t, { document });
      // The same page comes for each id: it cannot go on from there.
      await assert.rejects(room.read(), (error: Error) => {
        assert.match(error.message, /do not go on.*\[QC3204\]/, what);
        return true;
      });
    }
  });

  it('are broken without a RESPONSE, which a list without hosts has', async (t) => {
    const whole = await openDetectionRoom(t, {
      document:
        '<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><DATETIME>2026-01-01T00:00:00Z</DATETIME></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>',
    });
    assert.equal((await whole.read()).counts.hosts.inReport, 0);
    const room = await openDetectionRoom(t, { document: '<HOST_LIST_VM_DETECTION_OUTPUT/>' });
    await assert.rejects(room.read(), /it has no <RESPONSE>.*\[QC3205\]/);
  });

  it('that declare entities end the run at once, and by that', async (t) => {
    const document =
      '<!DOCTYPE HOST_LIST_VM_DETECTION_OUTPUT [<!ENTITY a "b">]><HOST_LIST_VM_DETECTION_OUTPUT/>';
    const room = await openDetectionRoom(t, { document });
    await assert.rejects(room.read(), /listing the host detections declares entities.*\[QC3215\]/);
    assert.equal(room.asked('detection').length, 1);
  });

  it('end the run at once on what does not pass', async (t) => {
    const lasting: readonly (readonly [PlannedFault['kind'], RegExp])[] = [
      ['simple 2012', /may not read host detections.*\[QC3201\]/],
      ['page 403', /may not read host detections.*\[QC3201\]/],
      ['simple 1905', /are not listed.*\[QC3202\]/],
      ['simple 2000', /\[QC3021\]/],
      ['simple 2001', /\[QC3022\]/],
      ['simple 2003', /\[QC3023\]/],
      ['redirect', /\[QC3007\]/],
      ['another document', /\[QC3007\]/],
    ];
    for (const [kind, message] of lasting) {
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'detection', kind, times: Infinity, after: 1 }] },
      );
      await assert.rejects(room.read({ pageSize: 10 }), (error: Error) => {
        assert.match(error.message, message, kind);
        return true;
      });
      assert.equal(room.asked('detection').length, 2, kind);
    }
  });

  it('end when report_timeout is over, with the last trouble', async (t) => {
    for (const kind of differing(PASSING)) {
      if (kind === 'malformed page' || kind === 'cut by end' || kind === 'page 504') continue;
      const room = await openDetectionRoom(
        t,
        {},
        { faults: [{ at: 'detection', kind, times: Infinity, after: 1 }] },
      );
      await assert.rejects(room.read({ pageSize: 10, reportTimeout: 200 }), (error: Error) => {
        assert.match(error.message, /\[QC(3206|3008|3007|3026|3041|3025)\]/, kind);
        return true;
      });
    }
  });

  it('count a host twice where Qualys lists it twice, and lose none of its findings', async (t) => {
    const plain = await (await openDetectionRoom(t)).read();
    const twins = await (await openDetectionRoom(t, { twins: 5 })).read({ pageSize: 10 });
    assert.deepEqual(mapAfter(twins.parts), mapAfter(plain.parts));
    assert.ok(twins.counts.hosts.repeated > 0);
  });

  it('have the severity that the account gives a finding, whatever its QID has', async (t) => {
    const detection = (severity: string): string =>
      `<DETECTION><QID>38170</QID>${severity}<TYPE>Confirmed</TYPE><STATUS>New</STATUS></DETECTION>`;
    const document = (severity: string): string =>
      `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><HOST_LIST><HOST><ID>7</ID><IP>192.0.2.1</IP><DETECTION_LIST>${detection(severity)}</DETECTION_LIST></HOST></HOST_LIST></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;
    const vulnerabilities = SAMPLE_VULNERABILITIES.slice(0, 1).map((one) => ({
      ...one,
      qid: 38170,
      severity: 2 as const,
    }));
    const sent = async (severity: string): Promise<number> => {
      const room = await openDetectionRoom(
        t,
        { document: document(severity) },
        { knowledgeBase: { vulnerabilities } },
      );
      return (await room.read({ minSeverity: 4 })).counts.findings.converted;
    };
    assert.equal(await sent('<SEVERITY>5</SEVERITY>'), 1);
    assert.equal(await sent('<SEVERITY>3</SEVERITY>'), 0);
    assert.equal(await sent('<SEVERITY>null</SEVERITY>'), 0);
  });

  it('of a host without IPv4 give its IPv6 address', async (t) => {
    const host = (addresses: string): string =>
      `<HOST><ID>7</ID>${addresses}<DETECTION_LIST><DETECTION><QID>1</QID><TYPE>Confirmed</TYPE></DETECTION></DETECTION_LIST></HOST>`;
    const hosts = [
      '<IP>192.0.2.1</IP><IPV6>2001:db8::1</IPV6>',
      '<IP>0.0.0.9</IP><IPV6>2001:0db8::2</IPV6>',
      '<IP>null</IP><IPV6><![CDATA[2001:db8::3]]></IPV6>',
    ].map(host);
    const document = `<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><HOST_LIST>${hosts.join('')}</HOST_LIST></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>`;
    const { lines } = await (await openDetectionRoom(t, { document })).read();
    assert.deepEqual(
      lines.filter((line) => line.startsWith('Add')).map((line) => line.split(',')[1]),
      ['192.0.2.1', '2001:db8::2', '2001:db8::3'],
    );
  });

  it('of no host at all are no trouble', async (t) => {
    const document =
      '<HOST_LIST_VM_DETECTION_OUTPUT><RESPONSE><DATETIME>2026-01-31T02:00:00Z</DATETIME></RESPONSE></HOST_LIST_VM_DETECTION_OUTPUT>';
    const { counts, detection } = await (await openDetectionRoom(t, { document })).read();
    assert.deepEqual([counts.hosts.inReport, detection.pages, detection.calls], [0, 1, 1]);
  });

  it('are found in another version', async (t) => {
    const room = await openDetectionRoom(t, { versions: { served: ['6.0'], gone: 'document' } });
    const { detection } = await room.read();
    assert.equal(detection.pages, 1);
    assert.match(room.log.messages('warning').join(), /version 6\.0 answers.*"detection_api_version: 6\.0"/);
  });

  it('are given up at once when the run is interrupted', async (t) => {
    const room = await openDetectionRoom(
      t,
      {},
      { faults: [{ at: 'detection', kind: 'silent', times: 1, after: 1 }] },
    );
    const reason = new Error('that is enough');
    room.simulator.events.on('silent', () => {
      room.abort.abort(reason);
    });
    await assert.rejects(room.read({ pageSize: 10 }), reason);
    assert.equal(room.asked('detection').length, 2);
  });
});
