import type { Dispatcher } from 'undici';

/** The response, unless the signal is aborted first: undici itself lets an abort wait until there is a connection. */
export async function orAborted(
  response: Promise<Dispatcher.ResponseData>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const listening = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      reject(new Error('aborted'));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { signal: listening.signal });
  });
  try {
    return await Promise.race([response, aborted]);
  } catch (error) {
    response.then(({ body }) => body.destroy()).catch(() => undefined);
    throw error;
  } finally {
    listening.abort();
  }
}
