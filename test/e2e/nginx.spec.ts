import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { jsonCall } from '../support/json-call.js';
import { SUITE_ROUTES } from '../support/gateway-routes.js';
import { Nginx } from '../support/nginx.js';
import { type Echo, type OriginServer, serve } from '../support/origin-server.js';
import { freePortBlock } from '../support/test-ports.js';

interface Received {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  /** As they came: name, value, name, value. */
  raw: string[];
  body: string;
}

const IDENTITY = {
  'x-auth-subject': 'ada',
  'x-auth-role': 'user',
  'x-auth-session': 's1',
  'x-auth-permissions': 'providers:read',
};

describe('deploy/nginx', () => {
  const servers: OriginServer[] = [];
  /** What the auth request comes to. */
  let verdict: { status: number; headers: Record<string, string> };
  const verifications: Received[] = [];
  const received: Received[] = [];
  /** What a service does instead of echoing. */
  let behave: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  let upstreams: Record<string, string>;
  let port: number;
  let nginx: Nginx;

  const service = async (name: string): Promise<OriginServer> => {
    const server = await serve((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const { method = '', url = '', headers, rawHeaders: raw } = request;
        const seen = { method, url, headers, raw, body };
        if (url.startsWith('/v1/auth/verify')) {
          verifications.push(seen);
          response.writeHead(verdict.status, verdict.headers).end();
          return;
        }
        received.push(seen);
        if (behave !== undefined) return behave(request, response);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ server: name, ...seen }));
      });
    });
    servers.push(server);
    return server;
  };

  beforeAll(async () => {
    upstreams = {
      gatehouse_auth: (await service('auth')).origin,
      gatehouse_provider_health: (await service('providers')).origin,
      gatehouse_audit: (await service('audit')).origin,
      projects_service: (await service('projects')).origin,
    };
    port = await freePortBlock(1);
    nginx = await Nginx.start({ port, upstreams });
  }, 120_000);

  afterAll(async () => {
    await nginx?.stop();
    await Promise.all(servers.map((server) => server.close()));
  });

  beforeEach(() => {
    verdict = { status: 200, headers: IDENTITY };
    verifications.length = 0;
    received.length = 0;
    behave = undefined;
  });

  const ask = (path: string, headers: Record<string, string> = {}) =>
    jsonCall<Echo & { type?: string }>('GET', `${nginx.origin}${path}`, { headers });

  /** Sends what fetch would not, and answers the status. */
  const raw = async (path: string, ...headers: string[]): Promise<number> => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let answer = '';
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.write([`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n'));
    await once(socket, 'close');
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  };

  it('starts without a warning', () => {
    expect(nginx.log).toBe('');
  });

  describe('routes', () => {
    it.each<readonly [string, string]>([
      ...SUITE_ROUTES,
      ['/v1/projects', 'projects'],
      ['/v1/projects/ping', 'projects'],
    ])('%s to %s, as it was asked', async (path, server) => {
      expect((await ask(path)).body).toMatchObject({ server, url: path });
    });

    it.each(['/', '/v1', '/v1/authors', '/v1/projectsx', '/health/ready', '/metrics', '/_gatehouse/verify'])(
      'answers 404 to %s',
      async (path) => {
        const answer = await ask(path);
        expect([answer.status, answer.body.type]).toEqual([404, 'not-found']);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(verifications).toEqual([]);
      },
    );

    it.each([
      '/v1/projects/all/%2e%2e/ping',
      '/v1/projects/all/../ping',
      '/v1/projects//all',
      '/v1/projects/./all',
      '/v1/projects%2Fall',
      '/v1/projects/x%5call',
      '/v1/auth/..%2f..%2fmetrics',
    ])('refuses %s, which could be read in two ways', async (path) => {
      expect(await raw(path)).toBe(400);
      expect(received).toEqual([]);
    });

    it('passes methods, queries and bodies', async () => {
      const answer = await jsonCall<Echo>('POST', `${nginx.origin}/v1/projects?x=1`, { body: { name: 'A' } });
      expect(answer.body).toMatchObject({ method: 'POST', url: '/v1/projects?x=1', body: '{"name":"A"}' });
      expect(verifications).toMatchObject([{ method: 'GET', body: '' }]);
    });

    it("leaves the service's own errors as they are", async () => {
      for (const status of [400, 401, 404, 413, 500, 503]) {
        behave = (_request, response) => response.writeHead(status).end('"own"');
        for (const path of ['/v1/projects', '/v1/providers']) {
          expect(await jsonCall('GET', `${nginx.origin}${path}`)).toMatchObject({ status, body: '"own"' });
        }
      }
    });
  });

  describe('identity', () => {
    const SPELLINGS = [
      'X-Auth-Subject: root',
      'x-auth-subject: root',
      'X-AUTH-ROLE: admin',
      'X_Auth_Subject: root',
      'x_auth_role: admin',
      'X-Auth_Session: root',
      'X.Auth.Subject: root',
      'X-Auth-Permissions: *',
      'X-Auth-Permissions: root:*',
      'X-Auth-Email: root@example.test',
      'Connection: close, X-Auth-Subject, X-Auth-Role',
    ];

    it('is what auth-service says, whatever the client claims', async () => {
      expect(await raw('/v1/projects', ...SPELLINGS, 'Authorization: Bearer t')).toBe(200);
      const [{ headers, raw: lines } = { headers: {}, raw: [] as string[] }] = received;
      expect(headers).toMatchObject({ ...IDENTITY, authorization: 'Bearer t' });
      const named = lines.filter((_text, index) => index % 2 === 0 && /^x.auth/i.test(lines[index] ?? ''));
      expect(named).toHaveLength(4);
      expect(JSON.stringify(lines)).not.toMatch(/root|admin/);
    });

    it('is not there where nobody was asked, or auth-service says nothing', async () => {
      verdict.headers = {};
      for (const path of [
        '/v1/projects',
        '/v1/projects/ping',
        '/v1/auth/me',
        '/v1/providers',
        '/v1/audit/events',
      ])
        expect(await raw(path, ...SPELLINGS)).toBe(200);
      expect(received).toHaveLength(5);
      expect(JSON.stringify(received)).not.toMatch(/root|admin|x.auth/i);
    });

    it('is asked with the same credentials that the service sees', async () => {
      await raw('/v1/projects', 'Authorization: Bearer one', 'X-API-Key: k', ...SPELLINGS);
      for (const { headers } of [...verifications, ...received])
        expect(headers).toMatchObject({ authorization: 'Bearer one', 'x-api-key': 'k' });
      expect(JSON.stringify(verifications)).not.toMatch(/root|admin/);
      const twice = await raw('/v1/projects', 'Authorization: Bearer one', 'Authorization: Bearer two');
      if (twice === 200)
        expect(received.at(-1)?.headers['authorization']).toBe(
          verifications.at(-1)?.headers['authorization'],
        );
      else expect(twice).toBe(400);
    });

    it('is narrowed by the permission that a location asks, however its path is written', async () => {
      for (const path of [
        '/v1/projects/all',
        '/v1/projects/all?x=1',
        '/v1/projects/%61ll',
        '/v1/projects/all/',
      ])
        await ask(path);
      expect(verifications.map(({ url }) => url)).toEqual(
        Array.from({ length: 4 }, () => '/v1/auth/verify?permission=projects:read'),
      );
      await ask('/v1/projects?permission=x');
      expect(verifications.at(-1)?.url).toBe('/v1/auth/verify?');
    });

    it('tells the audit trail what was asked, by nginx alone', async () => {
      const forged = ['Method', 'URI'].flatMap((name) => [
        `X-Original-${name}: /evil`,
        `X-Forwarded-${name}: /evil`,
      ]);
      await raw('/v1/projects/7?token=secret', ...forged);
      expect(verifications[0]?.headers).toMatchObject({
        'x-original-method': 'GET',
        'x-original-uri': '/v1/projects/7',
      });
      expect(JSON.stringify(verifications)).not.toMatch(/evil|secret/);
    });
  });

  it('replaces forged forwarding headers by its own', async () => {
    const forged = ['For', 'Host', 'Proto', 'Port', 'Prefix', 'Server'].map(
      (name) => `X-Forwarded-${name}: evil`,
    );
    for (const path of ['/v1/auth/me', '/v1/projects'])
      await raw(path, ...forged, 'X_Forwarded_For: evil', 'Forwarded: for=evil', 'X-Real-IP: evil');
    expect(JSON.stringify([received, verifications])).not.toContain('evil');
    for (const { headers } of [...received, ...verifications])
      expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
  });

  it('passes a request id, and makes one when there is none or it is no id', async () => {
    const given = await ask('/v1/projects', { 'X-Request-Id': 'abc-1' });
    expect(given.headers.get('x-request-id')).toBe('abc-1');
    expect(verifications[0]?.headers['x-request-id']).toBe('abc-1');
    for (const none of ['a b"c', 'x'.repeat(65)]) {
      const { body } = await ask('/v1/auth/me', { 'X-Request-Id': none });
      expect(body.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  describe('refusals', () => {
    it.each([
      [401, { 'www-authenticate': 'Bearer error="invalid_token"' }, 401, 'unauthenticated'],
      [403, {}, 403, 'forbidden'],
      [400, {}, 400, 'bad-request'],
      [429, { 'retry-after': '7' }, 429, 'too-many-requests'],
      [503, { 'retry-after': '3' }, 503, 'dependency-unavailable'],
      [500, {}, 503, 'dependency-unavailable'],
      [404, {}, 503, 'dependency-unavailable'],
      [302, { location: 'https://evil.example' }, 503, 'dependency-unavailable'],
    ])('an auth request that was answered %s %j is %s %s', async (status, headers, expected, type) => {
      verdict = { status, headers: headers };
      const answer = await ask('/v1/projects', { 'x-request-id': 'r1' });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        expected,
        'application/problem+json',
      ]);
      expect(answer.body).toMatchObject({ type, status: expected, requestId: 'r1' });
      expect(answer.headers.get('www-authenticate')).toBe(
        status === 401 ? 'Bearer error="invalid_token"' : null,
      );
      const retryAfter = { '429/429': '7', '503/503': '3', '500/503': '1', '404/503': '1', '302/503': '1' };
      expect(answer.headers.get('retry-after')).toBe(
        retryAfter[`${status}/${expected}` as keyof typeof retryAfter] ?? null,
      );
      expect(answer.headers.get('x-request-id')).toBe('r1');
      expect(received).toEqual([]);
    });

    it('lets nobody through while auth-service is away, and answers 503 for a service that is', async () => {
      const away = `http://127.0.0.1:${await freePortBlock(1)}`;
      const other = await Nginx.start({
        port: await freePortBlock(1),
        upstreams: { ...upstreams, gatehouse_auth: away, gatehouse_audit: away },
      });
      for (const path of ['/v1/projects', '/v1/auth/me', '/v1/audit/events']) {
        const answer = await jsonCall('GET', `${other.origin}${path}`);
        expect([answer.status, answer.body['type']]).toEqual([503, 'dependency-unavailable']);
        expect(answer.headers.get('retry-after')).toBe('1');
      }
      expect((await jsonCall('GET', `${other.origin}/v1/projects/ping`)).status).toBe(200);
      expect(received).toHaveLength(1);
      await other.stop();
    });

    it('are problems for what is too large, too', async () => {
      const body = JSON.stringify({ text: 'x'.repeat(9 * 1024 * 1024) });
      const large = await jsonCall('POST', `${nginx.origin}/v1/auth/login`, { body });
      expect([large.status, large.body['type']]).toEqual([413, 'payload-too-large']);
      const long = await ask(`/v1/auth/me?x=${'y'.repeat(40_000)}`);
      expect([long.status, long.body.type]).toEqual([414, 'uri-too-long']);
      const header = await ask('/v1/auth/me', { 'x-large': 'y'.repeat(40_000) });
      expect([header.status, header.body.type]).toEqual([431, 'headers-too-large']);
    });

    it.each([
      'nonsense\r\n\r\n',
      'GET /v1/projects HTTP/1.1\r\n\r\n',
      'GET /v1/projects HTTP/1.1\r\nhost: x\r\nX-Auth-Subject : root\r\nconnection: close\r\n\r\n',
      'GET /v1/projects/%zz HTTP/1.1\r\nhost: x\r\n\r\n',
      'POST /v1/projects HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ])('is a problem for %j', async (text) => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      let answer = '';
      socket.on('data', (chunk: string) => (answer += chunk));
      socket.write(text);
      await once(socket, 'close');
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"type":"bad-request"');
      expect(received).toEqual([]);
    });
  });

  it.each(['/v1/providers/events', '/v1/audit/export', '/v1/projects/7/events'])(
    'passes what %s sends as it comes, the head before the first',
    async (path) => {
      let send: (text: string) => void = () => {};
      behave = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
        send = (text) => response.write(text);
      };
      const aborted = new AbortController();
      const response = await fetch(`${nginx.origin}${path}`, { signal: aborted.signal });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
        send(event);
        expect(await reader.read()).toEqual({ done: false, value: event });
      }
      aborted.abort();
    },
  );
});
