/**
 * `read-pages.js URL CA tree|nothing`: asks for all pages of the detections of the stage's user, and makes a tree of each,
 * as a plain client does, or throws it away. Prints how many hosts it saw.
 */
import { readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { Agent, request } from 'undici';
import { STAGE } from '../../src/simulators/stage.ts';

const [, , url = '', ca = '', what] = process.argv;
// A connection for each page: the server ends one that is idle for as long as a tree takes to be made.
const dispatcher = new Agent({ connect: { ca: readFileSync(ca, 'utf8') }, pipelining: 0 });
const parser = new XMLParser({ isArray: (name) => name === 'HOST' });

let hosts = 0;
for (let idMin: string | undefined = '0'; idMin !== undefined;) {
  const { body } = await request(`${url}/api/5.0/fo/asset/host/vm/detection/`, {
    dispatcher,
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${STAGE.user}:${STAGE.password}`)}`,
      'x-requested-with': 'bench',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: `action=list&show_results=0&show_igs=1&status=New,Active,Re-Opened,Fixed&id_min=${idMin}`,
  });
  if (what === 'tree') {
    const { HOST_LIST_VM_DETECTION_OUTPUT: root } = parser.parse(await body.text()) as Document;
    hosts += root.RESPONSE.HOST_LIST?.HOST.length ?? 0;
    idMin = nextOf(root.RESPONSE.WARNING?.URL ?? '');
  } else {
    // The sign of a next page stands at the end.
    let end = '';
    for await (const chunk of body) end = (end + String(chunk)).slice(-2000);
    idMin = nextOf(end);
  }
}
console.log(hosts);
await dispatcher.close();

interface Document {
  readonly HOST_LIST_VM_DETECTION_OUTPUT: {
    readonly RESPONSE: {
      readonly HOST_LIST?: { readonly HOST: readonly unknown[] };
      readonly WARNING?: { readonly URL: string };
    };
  };
}

function nextOf(text: string): string | undefined {
  return /[?&]id_min=(\d+)/.exec(text)?.[1];
}
