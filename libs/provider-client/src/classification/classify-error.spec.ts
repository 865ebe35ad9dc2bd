import { classifyError } from './classify-error.js';
import { ProviderResponseError } from './provider-response.error.js';

const NOW = Date.UTC(2026, 0, 1);
const classOf = (error: unknown) => classifyError(error, NOW).class;
const withCode = (code: string) => Object.assign(new Error(code), { code });
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });
const answer = (status: number, body: object = {}, headers: Record<string, string> = {}) =>
  new ProviderResponseError({ status, headers: new Headers(headers) }, JSON.stringify(body));

/** The shape of the SDKs of OpenAI and Anthropic. */
const sdkError = (status: number | undefined, error: object, more: object = {}) =>
  Object.assign(new Error('from an SDK'), { status, error, ...more });

describe('classifyError', () => {
  it.each([
    [400, 'client'],
    [401, 'auth'],
    [402, 'quota'],
    [403, 'auth'],
    [404, 'client'],
    [408, 'timeout'],
    [409, 'client'],
    [422, 'client'],
    [429, 'rate-limited'],
    [499, 'cancelled'],
    [500, 'server'],
    [502, 'server'],
    [503, 'server'],
    [504, 'timeout'],
    [529, 'overload'],
    [302, 'server'],
  ])('takes the status %i for %s', (status, expected) => {
    expect(classOf(answer(status))).toBe(expected);
    expect(classOf(sdkError(status, {}))).toBe(expected);
    expect(classOf({ isAxiosError: true, response: { status }, code: 'ERR_BAD_RESPONSE' })).toBe(expected);
    expect(classOf({ name: 'SomeException', $metadata: { httpStatusCode: status } })).toBe(expected);
  });

  it.each([
    ['OpenAI without credit', sdkError(429, {}, { code: 'insufficient_quota' }), 'quota'],
    ['OpenAI by fetch', answer(429, { error: { code: 'insufficient_quota' } }), 'quota'],
    [
      'OpenAI by axios',
      { response: { status: 429, data: { error: { type: 'insufficient_quota' } } } },
      'quota',
    ],
    ['a wrong key', sdkError(401, {}, { type: 'invalid_request_error', code: 'invalid_api_key' }), 'auth'],
    ['a wrong key as 400', answer(400, { error: { status: 'UNAUTHENTICATED' } }), 'auth'],
    ['too long a context as 503', answer(503, { error: { code: 'context_length_exceeded' } }), 'client'],
    [
      'an event inside a stream',
      sdkError(undefined, { type: 'error', error: { type: 'overloaded_error' } }),
      'overload',
    ],
    ['a general event inside a stream', sdkError(undefined, { type: 'server_error' }), 'server'],
    ['a refusal inside a stream', sdkError(undefined, { type: 'invalid_request_error' }), 'client'],
    ['a general type beside a status', sdkError(401, { type: 'invalid_request_error' }), 'auth'],
    ['Anthropic without credit', sdkError(400, { error: { type: 'billing_error' } }), 'quota'],
    [
      'throttling by AWS',
      { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } },
      'rate-limited',
    ],
    ['Google, exhausted', { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }, 'rate-limited'],
    ['503 with Retry-After', answer(503, {}, { 'retry-after': '3' }), 'overload'],
  ])('reads %s', (_what, error, expected) => {
    expect(classOf(error)).toBe(expected);
  });

  it.each([
    ['ECONNREFUSED', 'network'],
    ['ECONNRESET', 'network'],
    ['ENOTFOUND', 'network'],
    ['EAI_AGAIN', 'network'],
    ['EPIPE', 'network'],
    ['UND_ERR_SOCKET', 'network'],
    ['CERT_HAS_EXPIRED', 'network'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'network'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['HPE_INVALID_CONSTANT', 'server'],
    ['UND_ERR_ABORTED', 'cancelled'],
    ['EMFILE', 'client'],
    ['EADDRNOTAVAIL', 'client'],
    ['ERR_INVALID_URL', 'client'],
  ])('takes the code %s for %s, wherever it lies', (code, expected) => {
    expect(classOf(withCode(code))).toBe(expected);
    expect(classOf(fetchFailed(withCode(code)))).toBe(expected);
    expect(classOf(fetchFailed(new AggregateError([withCode(code)])))).toBe(expected);
    expect(classOf(new Error('wrapped', { cause: fetchFailed(withCode(code)) }))).toBe(expected);
  });

  it.each([
    ['a mistake of the caller', new TypeError("Cannot read properties of undefined (reading 'x')"), 'client'],
    ['another', new ReferenceError('x is not defined'), 'client'],
    ['JSON that does not parse', new SyntaxError('Unexpected token'), 'server'],
    ['an abort', new DOMException('aborted', 'AbortError'), 'cancelled'],
    ['a timeout of AbortSignal', new DOMException('timed out', 'TimeoutError'), 'timeout'],
    ['what nobody knows', new Error('boom'), 'server'],
    ['no error at all', undefined, 'server'],
    ['a text', 'boom', 'server'],
  ])('takes %s as it should', (_what, error, expected) => {
    expect(classOf(error)).toBe(expected);
  });

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1.5],
    [{ 'x-ms-retry-after-ms': '250' }, 0.25],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('reads how long to wait from %j', (headers, expected) => {
    expect(classifyError(answer(429, {}, headers as Record<string, string>), NOW).retryAfter).toBe(expected);
    const axios = { response: { status: 429, headers } };
    expect(classifyError(axios, NOW).retryAfter).toBe(expected);
  });

  it('ends at causes that go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(classOf(error)).toBe('server');
  });

  it('says what lies behind a failure', () => {
    expect(classifyError(fetchFailed(new Error('connect ECONNREFUSED 127.0.0.1:1')), NOW).message).toBe(
      'fetch failed: connect ECONNREFUSED 127.0.0.1:1',
    );
    expect(classifyError(sdkError(500, {}), NOW).message).toBe('500 from an SDK');
  });
});
