import { HealthCheck } from '@gatehouse/provider-health-contracts';
import {
  checkProblems,
  filledHeaders,
  type HttpCheck,
  httpTarget,
  type TcpCheck,
  tcpTarget,
} from './check-target.js';

const http = (more: object = {}) => HealthCheck.parse({ type: 'http', ...more }) as HttpCheck;
const tcp = (more: object = {}) => HealthCheck.parse({ type: 'tcp', ...more }) as TcpCheck;

describe('httpTarget', () => {
  it.each([
    [{}, 'https://api.test/v1', 'https://api.test/v1'],
    [{ path: '/models' }, 'https://api.test/v1', 'https://api.test/v1/models'],
    [{ path: '/models' }, 'https://api.test/v1/', 'https://api.test/v1/models'],
    [{ path: '/models' }, 'https://api.test', 'https://api.test/models'],
    [{ path: '/models?a=b?c' }, 'https://api.test/v1?x=y', 'https://api.test/v1/models?a=b?c'],
    [{ url: 'http://other.test/up' }, 'https://api.test/v1', 'http://other.test/up'],
  ])('of %p at %s is %s', (check, baseUrl, target) => {
    expect(httpTarget(http(check), baseUrl).href).toBe(target);
  });

  it.each(['//evil.test/', '/@evil.test/', '/\\evil.test/', '/..//evil.test', '/.evil.test', '/#@evil.test'])(
    'stays at the origin of the base URL with the path %s',
    (path) => {
      for (const baseUrl of ['https://api.test', 'https://api.test/v1/'])
        expect(httpTarget(http({ path }), baseUrl).origin).toBe('https://api.test');
    },
  );
});

describe('tcpTarget', () => {
  it.each([
    [{}, 'https://api.test/v1', 'api.test', 443],
    [{}, 'http://api.test', 'api.test', 80],
    [{}, 'http://api.test:8080', 'api.test', 8080],
    [{ port: 22 }, 'https://api.test:8443', 'api.test', 22],
    [{}, 'http://[::1]:8080', '::1', 8080],
  ])('of %p at %s is %s:%s', (check, baseUrl, host, port) => {
    expect(tcpTarget(tcp(check), baseUrl)).toEqual({ host, port });
  });
});

describe('filledHeaders', () => {
  it('puts the key where it stands, whatever characters it has', () => {
    const check = http({ headers: { authorization: 'Bearer {{apiKey}}', 'x-other': 'plain' } });
    expect(filledHeaders(check, "sk-$&$1$'")).toEqual({
      authorization: "Bearer sk-$&$1$'",
      'x-other': 'plain',
    });
  });
});

describe('checkProblems', () => {
  const headers = { authorization: '{{apiKey}}' };
  it.each([
    ['the key at the base URL', { headers }, []],
    ['the key at another URL of that origin', { headers, url: 'https://api.test/other' }, []],
    ['no key at another origin', { headers: { a: 'b' }, url: 'https://other.test/' }, []],
    ['the key at another host', { headers, url: 'https://other.test/' }, ['healthCheck.headers']],
    ['the key at another port', { headers, url: 'https://api.test:8443/' }, ['healthCheck.headers']],
    ['the key in the clear', { headers, url: 'http://api.test/' }, ['healthCheck.headers']],
  ])('of %s', (_what, check, paths) => {
    expect(checkProblems(http(check), 'https://api.test/v1').map(({ path }) => path)).toEqual(paths);
  });
});
