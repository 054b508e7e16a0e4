import { answerAssetGroups, answerTagSearch, ASSET_GROUP_PATH, TAG_SEARCH_PATH } from './asset-lists.ts';
import { answerDetectionCall, DETECTION_PATH, pageHas } from './detection/answer.ts';
import { pageLimit } from './detection/request.ts';
import { about, reportList, simpleReturn, templateList } from './documents.ts';
import { faultReply } from './fault-reply.ts';
import type { Endpoint, FaultedCall, FaultKind } from './faults.ts';
import { answerKnowledgeBaseCall, idsOf, KNOWLEDGE_BASE_PATH } from './knowledge-base.ts';
import { codeReply, page, type Reply, xmlReply } from './reply.ts';
import type { ReportDesk } from './report-desk.ts';
import type { QualysSimulatorOptions } from './simulator-options.ts';
import { SCOPE_PARAMETERS, wrongScope } from './scope.ts';
import { wrongVersion } from './versions.ts';

/** A request that has passed the door: its parameters from query and body, the last of each name counting. */
export interface SimulatedCall {
  readonly method: string;
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly endpoint: Endpoint;
  readonly body: string;
}

const REPORT_PATH = /^\/api\/\d+\.\d+\/fo\/report\/?$/;
const ACTIONS = new Set<Endpoint>(['launch', 'list', 'fetch', 'delete', 'cancel']);
const CLASSIC: Readonly<Record<string, Endpoint>> = {
  '/msp/about.php': 'about',
  '/msp/report_template_list.php': 'templates',
  '/msp/asset_data_report.php': 'asset-data-report',
  '/auth/oidc': 'token',
  '/auth/oauth': 'token',
  [TAG_SEARCH_PATH]: 'tags',
};
const PARAMETERS = new Set([
  'action',
  'id',
  'state',
  'template_id',
  'report_title',
  'report_type',
  'output_format',
  'echo_request',
  'user_login',
  ...SCOPE_PARAMETERS,
]);

export function endpointOf(path: string, action: string): Endpoint {
  if (DETECTION_PATH.test(path)) return 'detection';
  if (KNOWLEDGE_BASE_PATH.test(path)) return 'knowledge-base';
  if (ASSET_GROUP_PATH.test(path)) return 'groups';
  if (!REPORT_PATH.test(path)) return CLASSIC[path] ?? 'other';
  return ACTIONS.has(action as Endpoint) ? (action as Endpoint) : 'other';
}

/** What of the call decides whether a fault befalls it. */
export function faultedCall(
  { endpoint, parameters }: SimulatedCall,
  { detections }: QualysSimulatorOptions,
): FaultedCall {
  return {
    at: endpoint,
    size: endpoint === 'detection' ? pageLimit(parameters) || Infinity : idsOf(parameters),
    hasHost: (address) => detections !== undefined && pageHas(address, parameters, detections),
  };
}

/** Does what is asked and says what Qualys would. @param fault what is to be wrong with a page of detections */
export function answerCall(
  call: SimulatedCall,
  desk: ReportDesk,
  options: QualysSimulatorOptions,
  fault: FaultKind | undefined,
): Reply {
  const { method, path, parameters } = call;
  const { detections, knowledgeBase = {} } = options;
  switch (call.endpoint) {
    case 'about':
      return xmlReply(about());
    case 'templates':
      return xmlReply(templateList(options.templates));
    case 'asset-data-report':
      return answerAtOnce(call, options);
    case 'detection':
      return detections === undefined
        ? page(404, 'Not Found')
        : answerDetectionCall(method, { path, parameters, fault }, detections);
    case 'groups':
      return answerAssetGroups(path, parameters, detections ?? {});
    case 'tags':
      return answerTagSearch(method, call.body, detections ?? {});
    case 'knowledge-base':
      return answerKnowledgeBaseCall(method, path, parameters, knowledgeBase);
    default:
      return REPORT_PATH.test(call.path) ? answerReportCall(call, desk, options) : page(404, 'Not Found');
  }
}

function answerAtOnce({ parameters }: SimulatedCall, options: QualysSimulatorOptions): Reply {
  const templateId = parameters.get('template_id') ?? '';
  return wrongTemplate(templateId, options) ?? reportReply(templateId, options);
}

function answerReportCall(call: SimulatedCall, desk: ReportDesk, options: QualysSimulatorOptions): Reply {
  const { parameters, endpoint, method, path } = call;
  const gone = wrongVersion(path, options.versions);
  if (gone) return gone;
  const unknown = [...parameters.keys()].filter((name) => !PARAMETERS.has(name));
  if (unknown.length > 0) return codeReply(400, 1901, `Unrecognized parameter(s): ${unknown.join(', ')}`);
  const changesState = endpoint === 'launch' || endpoint === 'delete' || endpoint === 'cancel';
  if (changesState && method !== 'POST') {
    return codeReply(
      400,
      1908,
      'Request method (GET or POST) is incompatible with specified parameter(s): action',
    );
  }
  if (endpoint === 'other') return codeReply(400, 1903, 'Missing required parameter(s): action');
  if (endpoint === 'launch') return launch(parameters, desk, options);
  if (endpoint === 'list') return xmlReply(reportList(desk.look(parameters.get('id'))));
  return answerForOne(endpoint, parameters.get('id'), desk, options);
}

function answerForOne(
  endpoint: Endpoint,
  id: string | undefined,
  desk: ReportDesk,
  options: QualysSimulatorOptions,
): Reply {
  if (id === undefined) return codeReply(400, 1903, 'Missing required parameter(s): id');
  if (endpoint === 'fetch') {
    const templateId = desk.fetch(id);
    return templateId === undefined
      ? codeReply(200, 7001, 'Report cannot be fetched.')
      : reportReply(templateId, options);
  }
  const done = endpoint === 'delete' ? desk.delete(id) : desk.cancel(id);
  if (!done) return codeReply(400, 1905, `parameter id has invalid value: ${id}`);
  const text = endpoint === 'delete' ? 'Report deleted' : 'Report canceled';
  return xmlReply(simpleReturn({ text, items: { ID: id } }));
}

function launch(
  parameters: ReadonlyMap<string, string>,
  desk: ReportDesk,
  options: QualysSimulatorOptions,
): Reply {
  const templateId = parameters.get('template_id') ?? '';
  const missing = ['template_id', 'output_format'].filter((name) => !parameters.has(name));
  if (missing.length > 0) return codeReply(400, 1903, `Missing required parameter(s): ${missing.join(', ')}`);
  const wrong = wrongTemplate(templateId, options) ?? wrongScope(parameters, options.scope);
  if (wrong) return wrong;
  const id = desk.launch(templateId, parameters.get('report_title') ?? '');
  return xmlReply(simpleReturn({ text: 'New report launched', items: { ID: id } }));
}

/** The refusal of a template that does not exist or is of another type; undefined for a good one. */
function wrongTemplate(templateId: string, options: QualysSimulatorOptions): Reply | undefined {
  const template = options.templates.find(({ id }) => id === templateId);
  if (template === undefined) {
    return faultReply({ at: 'launch', times: 1, kind: options.wrongTemplate ?? 'simple 999' });
  }
  if ((template.type ?? 'Auto') === 'Manual') {
    return codeReply(400, 1903, 'Missing required parameter(s): report_refs');
  }
  return (template.templateType ?? 'Scan') === 'Scan'
    ? undefined
    : codeReply(400, 1905, `parameter template_id has invalid value: ${templateId}`);
}

function reportReply(
  templateId: string,
  { report, zip, contentLength = true }: QualysSimulatorOptions,
): Reply {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return {
    status: 200,
    type: 'application/xml',
    headers: { 'Content-Disposition': `attachment; filename=Scan_Report_simulated_${day}.xml` },
    body: { chunks: () => report(templateId), zip, contentLength },
  };
}
