import type { Endpoint } from './faults.ts';

/** The limits' headers, in the odd case in which they were observed; all actions on reports share one counter. */
export function countCalls(limit: number): (endpoint: Endpoint) => Record<string, string> {
  const used = new Map<string, number>();
  return (endpoint) => {
    const counter = /^(?:launch|list|fetch|delete|cancel)$/.test(endpoint) ? 'report' : endpoint;
    const calls = (used.get(counter) ?? 0) + 1;
    used.set(counter, calls);
    return {
      'X-Ratelimit-Limit': String(limit),
      'X-Ratelimit-Window-Sec': '3600',
      'X-Concurrency-Limit-Limit': '2',
      'X-Concurrency-Limit-Running': '0',
      'X-Ratelimit-Towait-Sec': '0',
      'X-Ratelimit-Remaining': String(Math.max(0, limit - calls)),
      'X-Powered-By': 'Qualys:SIMPOD:00000000-0000-0000-0000-000000000000',
      Server: 'Qualys',
    };
  };
}
