import { genericReturn, simpleReturn } from './documents.ts';
import type { FaultKind, PlannedFault } from './faults.ts';
import { codeReply, page, type Reply, xmlReply } from './reply.ts';

const INTERNAL = 'Internal error. Please contact customer support.';
const SIGNATURE = { 'Incident Signature': '5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e' };
const RUNNING = 'This API cannot be run again until 1 currently running API instance has finished.';

/** The faults that are an answer of their own, in the words known of Qualys. */
const REPLIES: Partial<Record<FaultKind, () => Reply>> = {
  empty: () => xmlReply(''),
  'page 200': () => page(200, 'Welcome - please sign in'),
  'page 403': () => page(403, 'Access denied by policy'),
  'page 404': () => page(404, 'Not Found'),
  'page 410': () => page(410, 'Gone'),
  'page 502': () => page(502, 'Bad Gateway'),
  'page 503': () => page(503, 'Service Unavailable'),
  'page 504': () => page(504, 'Gateway Timeout'),
  redirect: () => ({ ...page(301, 'Moved'), headers: { Location: 'https://elsewhere.invalid/api/' } }),
  'simple 999': () => xmlReply(simpleReturn({ code: 999, text: INTERNAL, items: SIGNATURE }), 500),
  'generic 999': () => xmlReply(genericReturn(999, INTERNAL)),
  'malformed 999': () => xmlReply(malformed()),
  'simple 1960': () =>
    xmlReply(simpleReturn({ code: 1960, text: RUNNING, items: { CALLS_TO_FINISH: '1' } }), 409),
  'generic 1960': () => xmlReply(genericConcurrency(), 409),
  'http 429': () => ({ ...page(429, 'Too Many Requests'), headers: { 'Retry-After': '20' } }),
  'simple 1981': () =>
    codeReply(202, 1981, 'Your request is being processed. Please try this same request again later'),
  'simple 1999': () =>
    codeReply(
      503,
      1999,
      'We are performing scheduled maintenance on our System. We apologize for any inconvenience',
    ),
  'simple 7001': () => codeReply(200, 7001, 'Report cannot be fetched.'),
  'without id': () => xmlReply(simpleReturn({ text: 'New report launched' })),
  'simple 1901': () => codeReply(400, 1901, 'Unrecognized parameter(s): template_id'),
  'simple 1905': () =>
    codeReply(400, 1905, 'parameter template_id has invalid value: 1 (No such report template)'),
  'simple 1905 with 404': () => codeReply(404, 1905, 'parameter id has invalid value: 1'),
  'simple 2000': () => codeReply(401, 2000, 'Bad Login/Password'),
  'simple 2001': () => codeReply(200, 2001, 'This account has expired.'),
  'generic 2001': () => xmlReply(genericReturn(2001, 'Account Expired')),
  'simple 2002': () => codeReply(403, 2002, 'User account is inactive'),
  'simple 2003': () =>
    codeReply(
      409,
      2003,
      'Registration must be completed before API requests will be served for this account',
    ),
  'simple 2007': () => codeReply(403, 2007, 'IP access denied'),
  'simple 2011': () =>
    codeReply(409, 2011, 'SecureID authentication is required for this account, so API access is blocked'),
  'simple 2012': () => codeReply(403, 2012, 'User license is not authorized to run this API.'),
  'generic 5000': () => xmlReply(genericReturn(5000, "Invalid value for 'template_id' : 1")),
  'error in report root': () =>
    xmlReply(
      `<?xml version="1.0" encoding="UTF-8" ?>\n<ASSET_DATA_REPORT><ERROR number="999">${INTERNAL}</ERROR></ASSET_DATA_REPORT>\n`,
    ),
  'another document': () =>
    xmlReply('<?xml version="1.0" ?>\n<SCAN value="scan/1.1"><IP value="10.0.0.1"/></SCAN>\n'),
};

/** The answer that the fault is; undefined for a fault of the connection or of a body. */
export function faultReply({ kind, words, seconds = 30 }: PlannedFault): Reply | undefined {
  if (words !== undefined) {
    return kind.startsWith('page') ? page(Number(kind.slice(5)), words) : codeReply(400, 1905, words);
  }
  if (kind === 'simple 1965') return rateLimited(seconds, { 'X-Ratelimit-Towait-Sec': String(seconds) });
  if (kind === 'simple 1965 without header') return rateLimited(seconds, {});
  return REPLIES[kind]?.();
}

function rateLimited(seconds: number, headers: Record<string, string>): Reply {
  const text = `This API cannot be run again for another ${seconds} seconds.`;
  const items = { SECONDS_TO_WAIT: String(seconds) };
  return xmlReply(simpleReturn({ code: 1965, text, items }), 409, headers);
}

/** Not well-formed, as Qualys' own documentation shows one. */
function malformed(): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>
<GENERIC_RETURN>
 <API name="index.php" username="simulated at="2026-01-01T00:00:00Z">
  <RETURN status="FAILED" number="999">${INTERNAL}</RETURN>
</GENERIC_RETURN>
`;
}

function genericConcurrency(): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>
<GENERIC_RETURN>
  <API name="index.php" username="simulated" at="2026-01-01T00:00:00Z">
    <MESSAGE>You have reached the maximum number of allowed concurrent running reports.</MESSAGE>
    <RETURN status="FAILED" number="1960" />
  </API>
</GENERIC_RETURN>
`;
}
