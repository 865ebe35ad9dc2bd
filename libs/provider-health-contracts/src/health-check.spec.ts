import { HealthCheck } from './health-check.js';

const http = (more: object) => HealthCheck.safeParse({ type: 'http', ...more });

describe('HealthCheck', () => {
  it('has defaults for all but its type', () => {
    expect(http({}).data).toEqual({
      ...{ type: 'http', method: 'GET', headers: {}, expectedStatus: ['200-299'] },
      ...{ intervalSeconds: 60, timeoutMs: 5_000, jitter: 0.1, suppressWhenTraffic: true },
    });
    expect(HealthCheck.parse({ type: 'tcp' })).toEqual({
      ...{ type: 'tcp', intervalSeconds: 60, timeoutMs: 5_000, jitter: 0.1, suppressWhenTraffic: true },
    });
  });

  it.each([
    ['a path', { path: '/v1/models?limit=1' }],
    ['a URL', { url: 'https://status.example.test/' }],
    ['the key in a header', { headers: { Authorization: 'Bearer {{apiKey}}' } }],
    ['a body', { method: 'POST', body: '{}' }],
    ['several statuses', { expectedStatus: ['200', '404', '500-599'] }],
  ])('takes %s', (_what, check) => {
    expect(http(check).success).toBe(true);
  });

  it.each([
    ['a line break in a header', { headers: { 'x-a': 'a\r\nx-b: b' } }, 'headers.x-a'],
    ['a line feed in a header', { headers: { 'x-a': 'a\nb' } }, 'headers.x-a'],
    ['a NUL in a header', { headers: { 'x-a': 'a\0' } }, 'headers.x-a'],
    ['a line break in the name of a header', { headers: { 'x-a\r\nx-b': 'a' } }, 'headers.x-a\r\nx-b'],
    ['no name of a header', { headers: { '': 'a' } }, 'headers.'],
    ['the host', { headers: { Host: 'internal.test' } }, 'headers.Host'],
    ['a length', { headers: { 'content-length': '0' } }, 'headers.content-length'],
    ['a transfer encoding', { headers: { 'Transfer-Encoding': 'chunked' } }, 'headers.Transfer-Encoding'],
    ['a connection', { headers: { connection: 'close' } }, 'headers.connection'],
    ['an upgrade', { headers: { upgrade: 'websocket' } }, 'headers.upgrade'],
    ['a header twice', { headers: { 'X-A': 'a', 'x-a': 'b' } }, 'headers'],
    ['another template', { headers: { 'x-a': '{{secret}}' } }, 'headers.x-a'],
    ['the key in the name of a header', { headers: { '{{apiKey}}': 'a' } }, 'headers.{{apiKey}}'],
    ['the key in the path', { path: '/{{apiKey}}' }, 'path'],
    ['the key in the URL', { url: 'https://a.test/?k={{apiKey}}' }, 'url'],
    ['the key in the body', { method: 'POST', body: '{{apiKey}}' }, 'body'],
    ['a body of a GET', { body: 'x' }, 'body'],
    ['a path and a URL', { path: '/', url: 'https://a.test/' }, 'url'],
    ['a path without a slash', { path: 'models' }, 'path'],
    ['a path with a line break', { path: '/a\r\nb' }, 'path'],
    ['a URL of another kind', { url: 'file:///etc/passwd' }, 'url'],
    ['a method that changes things', { method: 'DELETE' }, 'method'],
    ['no status', { expectedStatus: [] }, 'expectedStatus'],
    ['a status that is none', { expectedStatus: ['999'] }, 'expectedStatus.0'],
    ['statuses the wrong way round', { expectedStatus: ['299-200'] }, 'expectedStatus.0'],
    ['no interval', { intervalSeconds: 0 }, 'intervalSeconds'],
    ['an interval of more than a day', { intervalSeconds: 86_401 }, 'intervalSeconds'],
    ['a timeout longer than the interval', { intervalSeconds: 2, timeoutMs: 2_001 }, 'timeoutMs'],
    ['a jitter of more than half', { jitter: 0.6 }, 'jitter'],
  ])('refuses %s', (_what, check, path) => {
    const { success, error } = http(check);
    expect(success).toBe(false);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it.each([
    ['headers', { headers: {} }],
    ['a path', { path: '/' }],
    ['a port that is none', { port: 65_536 }],
  ])('refuses %s of a check over TCP', (_what, check) => {
    expect(HealthCheck.safeParse({ type: 'tcp', ...check }).success).toBe(false);
  });
});
