import { isDeepStrictEqual } from 'node:util';
import { shorten } from './shorten.mjs';

const ANSWER_MS = 15_000;
/** Events travel: they are there a moment after what they tell of. */
const ARRIVAL_MS = 20_000;
const PAUSE_MS = 200;
/** After this a process that has not heard of a revocation does not go on as if it had (REVOCATION_MAX_STALENESS_SECONDS). */
const REFUSAL_MS = 5_000;

/** Makes the calls of the tour, prints each with its answer, and stops the tour where an answer is not as it should be. */
export class Guide {
  #gateway;
  #steps = 0;

  /** @param gateway the origin that all calls go to */
  constructor(gateway) {
    this.#gateway = gateway;
  }

  title(text) {
    console.log(`\n${text}`);
  }

  step(text) {
    console.log(`\n${++this.#steps}. ${text}`);
  }

  get(path, options) {
    return this.#call('GET', path, undefined, options);
  }

  post(path, body, options) {
    return this.#call('POST', path, body, options);
  }

  put(path, body, options) {
    return this.#call('PUT', path, body, options);
  }

  delete(path, options) {
    return this.#call('DELETE', path, undefined, options);
  }

  /** Waits until the token is refused at each of the addresses, and prints how long that took. */
  async refusedEverywhere(urls, { token, since }) {
    for (const url of urls) {
      while ((await this.#request('GET', url, undefined, token)).status !== 401) {
        if (performance.now() - since > REFUSAL_MS) stop(`${url} still accepts the token`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    console.log(`   ← 401 from all ${urls.length} after ${Math.round(performance.now() - since)} ms`);
  }

  /** Prints what came of something that was no call to the gateway. */
  show(result) {
    console.log(`   ← ${JSON.stringify(shorten(result))}`);
  }

  /** Checks a value of the last answer. */
  equal(what, got, expected) {
    if (isDeepStrictEqual(got, expected)) return;
    stop(`Expected ${what} to be ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
  }

  /** Gets what is no JSON, waiting for it as long as it is not made yet. */
  async download(path, { token }) {
    const deadline = Date.now() + ARRIVAL_MS;
    for (;;) {
      const response = await this.#fetch('GET', path, { headers: { authorization: `Bearer ${token}` } });
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status === 503 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        continue;
      }
      console.log(`   → GET ${path}`);
      console.log(`   ← ${response.status} ${response.headers.get('content-type')}, ${body.length} bytes`);
      if (response.status !== 200) stop(`Expected 200, got ${response.status}`);
      return body;
    }
  }

  /** Checks that something throws, and prints what it says. */
  refuses(what, work) {
    try {
      work();
    } catch (error) {
      return console.log(`   ← refused: ${error.message}`);
    }
    stop(`Expected ${what} to be refused`);
  }

  /** Waits until the audit trail has `count` events for the query, and prints each with its `seq`. */
  async events(query, { token, count }) {
    const path = `/v1/audit/events?${query}`;
    const deadline = Date.now() + ARRIVAL_MS;
    let found;
    do {
      found = await this.#request('GET', path, undefined, token);
      if (found.status !== 200)
        stop(`Expected 200 of ${path}, got ${found.status}: ${JSON.stringify(found.body)}`);
      if (found.body.items.length >= count) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    } while (Date.now() < deadline);
    this.#print('GET', path, undefined, { status: found.status });
    for (const event of found.body.items) console.log(`   ← ${describe(event)}`);
    this.equal('the number of events', found.body.items.length, count);
    if (!found.body.items.every(({ seq }) => Number.isInteger(seq)))
      stop('Expected each event to have its seq');
    return found.body.items;
  }

  async #call(method, path, body, { token, apiKey, expect }) {
    const answer = await this.#request(method, path, body, token, apiKey);
    this.#print(method, path, body, answer);
    if (answer.status !== expect) stop(`Expected ${expect}, got ${answer.status}`);
    return answer.body;
  }

  async #request(method, path, body, token, apiKey) {
    const headers = {};
    if (apiKey !== undefined) headers['x-api-key'] = apiKey;
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.#fetch(method, path, { headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async #fetch(method, path, { headers, body }) {
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      return await fetch(new URL(path, this.#gateway), { method, headers, body, signal });
    } catch (error) {
      return stop(`${method} ${path} was not answered: ${error.cause?.message ?? error.message}`);
    }
  }

  #print(method, path, body, answer) {
    console.log(`   → ${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(shorten(body))}`}`);
    console.log(
      `   ← ${answer.status}${answer.body === undefined ? '' : ` ${JSON.stringify(shorten(answer.body))}`}`,
    );
  }
}

function describe({ seq, action, outcome, target, details }) {
  const change = details?.from === undefined ? '' : `: ${details.from} → ${details.to}`;
  return `seq ${seq}  ${action}  ${outcome}${target === undefined ? '' : `  ${target.id}`}${change}`;
}

function stop(message) {
  console.error(`\n✗ ${message}`);
  process.exit(1);
}
