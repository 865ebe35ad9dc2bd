import { publicMessage } from './public-message.js';

/** As much of a refused answer's body is read. */
const LONGEST_BODY = 16_384;

/** What a call gave back as a `Response` that is no success. Its body is read, at most 16 KiB of it. */
export class ProviderResponseError extends Error {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed when it is JSON. */
  readonly error: unknown;

  constructor(response: { status: number; headers: Headers }, body: string) {
    super(publicMessage(`${response.status} ${body}`));
    this.name = 'ProviderResponseError';
    this.status = response.status;
    this.headers = response.headers;
    this.error = parsed(body);
  }

  static async of(response: Response): Promise<ProviderResponseError> {
    return new ProviderResponseError(response, await beginningOf(response).catch(() => ''));
  }
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array };
    if (!done) text += decoder.decode(value, { stream: true });
    if (done || text.length >= LONGEST_BODY) break;
  }
  // The connection is free again; what is left is not wanted.
  await reader.cancel();
  return text.slice(0, LONGEST_BODY);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
