import { simpleReturn } from './documents.ts';

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A small text, or what is made while it is sent. */
  readonly body: string | LargeBody;
}

/** A report, or a page of detections. */
export interface LargeBody {
  /** Asked anew for each reading, always giving the same bytes. */
  readonly chunks: () => Iterable<string | Uint8Array>;
  /** As a zip file; default false. */
  readonly zip?: boolean | undefined;
  /** With Content-Length where it is not compressed; default false. */
  readonly contentLength?: boolean;
}

const XML = 'text/xml;charset=UTF-8';

export function xmlReply(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, type: XML, headers, body };
}

export function codeReply(status: number, code: number, text: string): Reply {
  return xmlReply(simpleReturn({ code, text }), status);
}

export function page(status: number, title: string): Reply {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, type: 'text/html', body };
}
