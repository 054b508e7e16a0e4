import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNEL = 'undici:client:sendHeaders';

/**
 * Tells when the request with that body (the same buffer, not only the same bytes) has begun to go out.
 * @returns ends the watch
 */
export function watchSending(body: Buffer, sent: () => void): () => void {
  const look = (message: unknown): void => {
    if (bodyIn(message) === body) sent();
  };
  subscribe(CHANNEL, look);
  return () => {
    unsubscribe(CHANNEL, look);
  };
}

/** The channel's message, which undici documents; types come with no channel. */
function bodyIn(message: unknown): unknown {
  const { request } = message as { readonly request: { readonly body?: unknown } };
  return request.body;
}
