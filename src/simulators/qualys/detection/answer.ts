import { codeReply, type Reply } from '../reply.ts';
import { wrongVersion } from '../versions.ts';
import type { SimulatedDetections } from './assets.ts';
import { detectionPage, type PageCall } from './page.ts';
import { hostsInScope, pageLimit, wrongParameters } from './request.ts';

export const DETECTION_PATH = /^\/api\/\d+\.\d+\/fo\/asset\/host\/vm\/detection\/?$/;

/** Answers a call of the Host List Detection interface. */
export function answerDetectionCall(method: string, call: PageCall, detections: SimulatedDetections): Reply {
  const gone = wrongVersion(call.path, detections.versions ?? { served: ['5.0'], gone: 'page 404' });
  if (gone) return gone;
  if (method !== 'POST') {
    return codeReply(400, 1908, 'Request method (GET or POST) is incompatible: use POST');
  }
  const wrong = wrongParameters(call.parameters, detections);
  if (wrong) return wrong;
  const { document } = detections;
  const chunks = (): Iterable<string> =>
    document === undefined ? detectionPage(call, detections) : [document];
  return { status: 200, type: 'text/xml;charset=UTF-8', body: { chunks } };
}

/** Whether the page that is asked for has the host at that address. */
export function pageHas(
  address: string,
  parameters: PageCall['parameters'],
  detections: SimulatedDetections,
): boolean {
  const limit = pageLimit(parameters) || Infinity;
  let hosts = 0;
  for (const { sample } of hostsInScope(parameters, detections)) {
    if (hosts++ === limit) return false;
    if (sample.address === address) return true;
  }
  return false;
}
