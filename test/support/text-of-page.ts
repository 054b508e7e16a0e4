import assert from 'node:assert/strict';
import type { HostData } from '../../src/page/host-data.ts';

/** The text of a run's page without its marks, data and script. */
export function textOf(page: string): string {
  return page
    .replace(/<(style|script)[^]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');
}

/** What its table of hosts is made of. */
export function dataOf(page: string): HostData {
  const json = /id="host-data">([^]*?)<\/script>/.exec(page)?.[1] ?? assert.fail('no data');
  return JSON.parse(json) as HostData;
}
