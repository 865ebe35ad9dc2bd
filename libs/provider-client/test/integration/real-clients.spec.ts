import { jest } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { classifyError } from '../../src/classification/classify-error.js';
import { ProviderResponseError } from '../../src/classification/provider-response.error.js';
import { type Answer, FailingUpstream, hanging, resetting, saying, streaming } from '../failing-upstream.js';

const KEY = 'sk-test-Ab3dEf6hIj9lMn2pQr5t';
const SHORT_MS = 300;

/** Whatever was thrown. */
async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('what real clients throw', () => {
  const upstream = new FailingUpstream();

  beforeAll(() => upstream.open());
  afterAll(() => upstream.close());

  const openai = (baseURL = upstream.url, more: object = {}) =>
    new OpenAI({ apiKey: KEY, baseURL, maxRetries: 0, ...more });
  const anthropic = (baseURL = upstream.url, more: object = {}) =>
    new Anthropic({ apiKey: KEY, baseURL, maxRetries: 0, ...more });
  const messages = [{ role: 'user' as const, content: 'hello' }];

  /** A call by each client; `more` are options of the request. */
  const clients = {
    openai: (url?: string, settings?: object, more?: object) =>
      openai(url, settings).chat.completions.create({ model: 'm', messages }, more),
    anthropic: (url?: string, settings?: object, more?: object) =>
      anthropic(url, settings).messages.create({ model: 'm', max_tokens: 1, messages }, more),
    fetch: async (url = upstream.url, _settings?: object, more?: object) => {
      const response = await fetch(url, more);
      if (!response.ok) throw await ProviderResponseError.of(response);
      return response.json();
    },
  };
  const names = Object.keys(clients) as (keyof typeof clients)[];
  const classified = async (call: () => Promise<unknown>) => classifyError(await thrownBy(call), Date.now());

  describe.each(names)('%s', (client) => {
    const call = clients[client];
    const openaiError = (code: string | null, type: string, message = 'no') => ({
      error: { message, type, code, param: null },
    });
    const anthropicError = (type: string) => ({ type: 'error', error: { type, message: 'no' } });

    it.each<[string, Answer, string, number | undefined]>([
      ['500', saying(500, openaiError(null, 'server_error')), 'server', undefined],
      ['502 of a proxy', (response) => response.writeHead(502).end('<html>bad gateway'), 'server', undefined],
      ['503', saying(503, {}), 'server', undefined],
      ['503 with Retry-After', saying(503, {}, { 'retry-after': '4' }), 'overload', 4],
      ['529', saying(529, anthropicError('overloaded_error')), 'overload', undefined],
      ['504', saying(504, {}), 'timeout', undefined],
      [
        '429',
        saying(429, openaiError('rate_limit_exceeded', 'tokens'), { 'retry-after': '20' }),
        'rate-limited',
        20,
      ],
      ['429 in ms', saying(429, {}, { 'retry-after-ms': '1500' }), 'rate-limited', 1.5],
      ['429 of Anthropic', saying(429, anthropicError('rate_limit_error')), 'rate-limited', undefined],
      ['no credit', saying(429, openaiError('insufficient_quota', 'insufficient_quota')), 'quota', undefined],
      ['no credit at Anthropic', saying(400, anthropicError('billing_error')), 'quota', undefined],
      ['402', saying(402, {}), 'quota', undefined],
      ['401', saying(401, openaiError('invalid_api_key', 'invalid_request_error')), 'auth', undefined],
      ['401 of Anthropic', saying(401, anthropicError('authentication_error')), 'auth', undefined],
      ['403', saying(403, anthropicError('permission_error')), 'auth', undefined],
      ['400', saying(400, openaiError(null, 'invalid_request_error')), 'client', undefined],
      [
        'too long',
        saying(400, openaiError('context_length_exceeded', 'invalid_request_error')),
        'client',
        undefined,
      ],
      ['404', saying(404, anthropicError('not_found_error')), 'client', undefined],
      ['a reset', resetting, 'network', undefined],
      ['nonsense', (response) => response.socket?.end('this is no HTTP\r\n\r\n'), 'server', undefined],
      [
        'JSON that breaks off',
        (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": '),
        'server',
        undefined,
      ],
    ])('%s', async (_what, answer, expected, retryAfter) => {
      upstream.answer = answer;
      const failure = await classified(() => call());
      expect([failure.class, failure.retryAfter]).toEqual([expected, retryAfter]);
    });

    it('a connection that is refused', async () => {
      const gone = await new FailingUpstream().open();
      const { url } = gone;
      await gone.close();
      const failure = await classified(() => call(url));
      expect(failure.class).toBe('network');
      expect(failure.message).toContain('ECONNREFUSED');
    });

    it('a timeout', async () => {
      upstream.answer = hanging;
      const more = client === 'fetch' ? { signal: AbortSignal.timeout(SHORT_MS) } : {};
      const failure = await classified(() => call(undefined, { timeout: SHORT_MS }, more));
      // Between the realms of jest the SDK of OpenAI does not know the error of fetch as one, and says that it could not connect.
      expect(failure.class).toBe(client === 'openai' ? 'network' : 'timeout');
      expect(classifyError(new OpenAI.APIConnectionTimeoutError(), Date.now()).class).toBe('timeout');
    });

    it('an abort', async () => {
      upstream.answer = hanging;
      const aborting = new AbortController();
      setTimeout(() => aborting.abort(), 50);
      const failure = await classified(() => call(undefined, {}, { signal: aborting.signal }));
      expect(failure.class).toBe('cancelled');
    });

    it('says nothing of the key that the provider repeats', async () => {
      upstream.answer = saying(
        401,
        openaiError('invalid_api_key', 'x', `Incorrect API key provided: ${KEY}.`),
      );
      const { message } = await classified(() => call());
      expect(message).toContain('401');
      expect(message).not.toContain('Ab3dEf6hIj9lMn2pQr5t');
    });
  });

  describe('inside a stream', () => {
    const chunk = (text: string) =>
      `data: ${JSON.stringify({ id: '1', choices: [{ index: 0, delta: { content: text } }] })}`;
    const begun = {
      type: 'message_start',
      message: { id: '1', type: 'message', role: 'assistant', content: [], model: 'm', usage: {} },
    };
    // The SDK of OpenAI says on the console what it cannot parse.
    beforeEach(() => void jest.spyOn(console, 'error').mockImplementation(() => {}));
    afterEach(() => jest.restoreAllMocks());
    const event = (of: { type: string }) => `event: ${of.type}\ndata: ${JSON.stringify(of)}`;
    const readOpenai = async () => {
      for await (const _chunk of await openai().chat.completions.create({
        model: 'm',
        messages,
        stream: true,
      }));
    };
    const readAnthropic = async () => {
      const stream = await anthropic().messages.create({ model: 'm', max_tokens: 1, messages, stream: true });
      for await (const _event of stream);
    };
    const overloaded = event({
      type: 'error',
      error: { type: 'overloaded_error', message: 'busy' },
    } as never);

    it.each<[string, () => Promise<void>, Answer, string]>([
      ['OpenAI, cut', readOpenai, streaming([chunk('one')], 'cut'), 'network'],
      ['Anthropic, cut', readAnthropic, streaming([event(begun)], 'cut'), 'network'],
      ['Anthropic, an error event', readAnthropic, streaming([event(begun), overloaded], 'end'), 'overload'],
      [
        'OpenAI, an error event',
        readOpenai,
        streaming(
          [chunk('one'), 'data: {"error":{"type":"server_error","code":null,"message":"no"}}'],
          'end',
        ),
        'server',
      ],
      ['OpenAI, malformed', readOpenai, streaming([chunk('one'), 'data: {"id'], 'end'), 'server'],
    ])('%s', async (_what, read, answer, expected) => {
      upstream.answer = answer;
      expect((await classified(read)).class).toBe(expected);
    });
  });
});
