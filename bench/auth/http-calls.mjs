import { Agent, request } from 'node:http';

/** Calls over connections that stay open. */
export class HttpCalls {
  #agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  #base;

  constructor(base) {
    this.#base = base;
  }

  /** Resolves to `{ status, headers, text, ms }`, from the call until the whole answer. */
  call({ method = 'GET', path, headers, body }) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.#base), {
        method,
        agent: this.#agent,
        headers: {
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          'user-agent': USER_AGENT,
          ...headers,
        },
      });
      asked.once('error', reject);
      asked.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += part));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            text,
            ms: performance.now() - begun,
          }),
        );
      });
      asked.end(payload);
    });
  }

  /** Resolves to the answer; rejects when its status is another. */
  async expect(status, call) {
    const answer = await this.call(call);
    if (answer.status === status) return answer;
    throw new Error(`${call.method ?? 'GET'} ${call.path}: ${answer.status} ${answer.text}`);
  }
}

/** As browsers have it. */
export const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
