export interface CallOptions {
  /** Sent as JSON, unless it is a string, which is sent as it is. */
  readonly body?: unknown;
  /** Bearer token. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, `undefined` when it is empty, else the text. */
  readonly body: Body;
}

/** One HTTP call that sends and reads JSON. */
export async function jsonCall<Body = Record<string, unknown>>(
  method: string,
  url: string,
  { body, token, headers, signal }: CallOptions = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
    signal: signal ?? AbortSignal.timeout(30_000),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: parse(response, await response.text()) as Body,
  };
}

function parse(response: Response, text: string): unknown {
  if (text === '') return undefined;
  return /\bjson\b/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}
