import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGateway, type ServiceKey } from '../../tools/launcher/gateway.mjs';
import { eventually } from '../support/eventually.js';
import { SUITE_ROUTES } from '../support/gateway-routes.js';
import { jsonCall } from '../support/json-call.js';
import { echo, type Echo, listening, type OriginServer, serve } from '../support/origin-server.js';
import { freePortBlock } from '../support/test-ports.js';

describe('the development gateway', () => {
  const replicas: Record<Exclude<ServiceKey, 'projects'>, string[]> & { projects?: string[] } = {
    auth: [],
    providerHealth: [],
    audit: [],
  };
  const servers: OriginServer[] = [];
  let gateway: OriginServer;

  beforeEach(async () => {
    gateway = await listening(createGateway({ replicasOf: (service) => replicas[service] }));
    servers.push(gateway);
  });

  afterEach(async () => {
    replicas.auth = [];
    replicas.providerHealth = [];
    replicas.audit = [];
    delete replicas.projects;
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function replica(service: ServiceKey, made: Promise<OriginServer>): Promise<OriginServer> {
    const server = await made;
    servers.push(server);
    (replicas[service] ??= []).push(server.origin);
    return server;
  }

  const ask = (path: string, headers: Record<string, string> = {}) =>
    jsonCall<Echo>('GET', `${gateway.origin}${path}`, { headers });

  describe('routes', () => {
    beforeEach(async () => {
      await replica('auth', echo('auth'));
      await replica('providerHealth', echo('providers'));
      await replica('audit', echo('audit'));
    });

    it.each(SUITE_ROUTES)('%s to %s, as it was asked', async (path, server) => {
      expect((await ask(path)).body).toMatchObject({ server, url: path });
    });

    it.each(['/', '/v1', '/v1/authors', '/health/ready', '/metrics', '/.well-known', '/V1/auth/me'])(
      'answers 404 to %s',
      async (path) => {
        const answer = await ask(path);
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(answer.body).toMatchObject({ type: 'not-found', status: 404, instance: path });
      },
    );

    it('knows the example where it is a part', async () => {
      expect((await ask('/v1/projects')).status).toBe(404);
      await replica('projects', echo('projects'));
      for (const path of ['/v1/projects', '/v1/projects/7/summary?x=1'])
        expect((await ask(path)).body).toMatchObject({ server: 'projects', url: path });
      expect((await ask('/v1/projectsx')).status).toBe(404);
    });

    it('passes methods and bodies', async () => {
      const url = `${gateway.origin}/v1/auth/login`;
      const answer = await jsonCall<Echo>('POST', url, { body: { email: 'a@b.c' } });
      expect(answer.body).toMatchObject({ method: 'POST', body: '{"email":"a@b.c"}' });
      expect((await jsonCall<Echo>('DELETE', url)).body).toMatchObject({ method: 'DELETE', body: '' });
    });
  });

  describe('headers', () => {
    beforeEach(() => replica('auth', echo('auth')));

    it("strips the caller's X-Auth-* in every spelling", async () => {
      const { body } = await ask('/v1/auth/me', {
        'X-Auth-Subject': 'admin',
        'x-AUTH-role': 'admin',
        X_Auth_Session: '1',
        'x_auth-Permissions': '*',
        'X-Authority': 'kept',
      });
      expect(Object.keys(body.headers).filter((name) => /^x.auth.(sub|rol|ses|per)/.test(name))).toEqual([]);
      expect(body.headers['x-authority']).toBe('kept');
    });

    it('replaces forged forwarding headers by its own', async () => {
      const { body } = await ask('/v1/auth/me', {
        Forwarded: 'for=6.6.6.6',
        'X-Forwarded-For': '6.6.6.6',
        X_Forwarded_For: '6.6.6.6',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Prefix': '/evil',
        'X-Real-IP': '6.6.6.6',
        'X-Original-URI': '/evil',
        'True-Client-IP': '6.6.6.6',
      });
      const host = gateway.origin.replace('http://', '');
      expect(body.headers).toMatchObject({
        host,
        forwarded: `for=127.0.0.1;host="${host}";proto=http`,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': host,
        'x-forwarded-port': String(gateway.port),
        'x-forwarded-proto': 'http',
      });
      expect(JSON.stringify(body.headers)).not.toMatch(/6\.6\.6\.6|evil/);
    });

    it('passes a request id, and makes one when there is none or it is no id', async () => {
      expect((await ask('/v1/auth/me', { 'X-Request-Id': 'abc-1' })).body.headers['x-request-id']).toBe(
        'abc-1',
      );
      expect((await ask('/v1/auth/me')).body.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      for (const none of ['a b"c', 'x'.repeat(200)]) {
        expect((await ask('/v1/auth/me', { 'X-Request-Id': none })).body.headers['x-request-id']).toMatch(
          /^[0-9a-f-]{36}$/,
        );
      }
    });

    it('keeps headers that are for the next neighbour only', async () => {
      const answer = await new Promise<Echo>((resolve, reject) => {
        const headers = {
          connection: 'close, x-hop',
          'x-hop': '1',
          te: 'trailers',
          authorization: 'Bearer t',
        };
        const request = httpRequest(`${gateway.origin}/v1/auth/me`, { headers }, (response) => {
          let text = '';
          response.on('data', (chunk) => (text += chunk));
          response.on('end', () => resolve(JSON.parse(text) as Echo));
        });
        request.on('error', reject);
        request.end();
      });
      expect(answer.headers).toMatchObject({ authorization: 'Bearer t', connection: 'keep-alive' });
      expect(answer.headers['x-hop'] ?? answer.headers['te']).toBeUndefined();
    });
  });

  describe('replicas', () => {
    it('spreads requests over them', async () => {
      await replica('auth', echo('one'));
      await replica('auth', echo('two'));
      const seen = [];
      for (let i = 0; i < 6; i++) seen.push((await ask('/v1/auth/me')).body.server);
      expect(seen.filter((name) => name === 'one')).toHaveLength(3);
    });

    it('takes a refused connection to another replica, with the body', async () => {
      replicas.auth.push(`http://127.0.0.1:${await freePortBlock(1)}`);
      await replica('auth', echo('alive'));
      const large = 'x'.repeat(500_000);
      for (let i = 0; i < 4; i++) {
        const answer = await jsonCall<Echo>('POST', `${gateway.origin}/v1/auth/login`, { body: large });
        expect(answer.body).toMatchObject({ server: 'alive', method: 'POST' });
        expect(answer.body.body).toHaveLength(large.length);
      }
    });

    it('repeats a GET whose replica broke off, never a POST', async () => {
      const breaking = await replica(
        'auth',
        serve((request) => void request.socket.destroy()),
      );
      await replica('auth', echo('alive'));
      expect((await ask('/v1/auth/me')).body.server).toBe('alive');
      replicas.auth = [breaking.origin, ...replicas.auth];
      const statuses = [];
      for (let i = 0; i < 6; i++) {
        statuses.push((await jsonCall('POST', `${gateway.origin}/v1/auth/login`, { body: {} })).status);
      }
      expect(new Set(statuses)).toEqual(new Set([200, 502]));
    });

    it('answers 503 with Retry-After when there is none', async () => {
      for (const dead of [[], [`http://127.0.0.1:${await freePortBlock(1)}`]]) {
        replicas.audit = dead;
        const answer = await ask('/v1/audit/events');
        expect(answer.status).toBe(503);
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(answer.body).toMatchObject({ type: 'dependency-unavailable', status: 503 });
      }
    });

    it('uses connections again', async () => {
      const ports = new Set<number | undefined>();
      await replica(
        'auth',
        serve((request, response) => {
          ports.add(request.socket.remotePort);
          response.end('ok');
        }),
      );
      for (let i = 0; i < 5; i++) await ask('/v1/auth/me');
      expect(ports.size).toBe(1);
    });
  });

  describe('streams', () => {
    it('passes each event as it comes, the head before the first', async () => {
      let send: (text: string) => void = () => {};
      await replica(
        'audit',
        serve((_request, response) => {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.flushHeaders();
          send = (text) => response.write(text);
        }),
      );
      const aborted = new AbortController();
      const response = await fetch(`${gateway.origin}/v1/audit/stream`, { signal: aborted.signal });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
        send(event);
        expect(await reader.read()).toEqual({ done: false, value: event });
      }
      aborted.abort();
    });

    it('leaves the replica when the client leaves', async () => {
      let left = false;
      await replica(
        'audit',
        serve((_request, response) => {
          response.write('data: 1\n\n');
          response.on('close', () => (left = true));
        }),
      );
      const aborted = new AbortController();
      await fetch(`${gateway.origin}/v1/audit/stream`, { signal: aborted.signal });
      aborted.abort();
      await eventually('the replica saw the client leave', () => left);
    });

    it('cuts an answer that the replica broke off, so that it is not taken for whole', async () => {
      await replica(
        'audit',
        serve((_request, response) => {
          response.write('half');
          setTimeout(() => response.destroy(), 50);
        }),
      );
      await expect(
        fetch(`${gateway.origin}/v1/audit/export`).then((answer) => answer.text()),
      ).rejects.toThrow();
    });

    it('holds a fast replica back when the client reads slowly', async () => {
      let written = 0;
      await replica(
        'audit',
        serve((_request, response) => {
          const chunk = Buffer.alloc(64 * 1024);
          const write = (): void => {
            while (written < 200 * 1024 * 1024 && response.write(chunk)) written += chunk.length;
            response.once('drain', write);
          };
          write();
        }),
      );
      const socket = connect(gateway.port, '127.0.0.1');
      socket.write('GET /v1/audit/export HTTP/1.1\r\nhost: x\r\n\r\n');
      socket.pause();
      await sleep(500);
      const after = written;
      await sleep(300);
      expect(written).toBe(after);
      expect(written).toBeLessThan(100 * 1024 * 1024);
      socket.destroy();
    });
  });

  describe('bad clients', () => {
    it('answers others while some send slowly or leave', async () => {
      await replica('auth', echo('auth'));
      const slow = Array.from({ length: 50 }, () => {
        const socket = connect(gateway.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.write('POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{');
        return socket;
      });
      await Promise.all(slow.map((socket) => once(socket, 'connect')));
      expect((await ask('/v1/auth/me')).status).toBe(200);
      for (const socket of slow) socket.resetAndDestroy();
      await sleep(50);
      expect((await ask('/v1/auth/me')).status).toBe(200);
    });

    it.each([
      'nonsense\r\n\r\n',
      'GET /v1/auth/me HTTP/1.1\r\n\r\n',
      'GET http://evil.example/v1/auth/me HTTP/1.1\r\nhost: evil.example\r\n\r\n',
      'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n',
      'POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ])('goes on after %j', async (text) => {
      await replica('auth', echo('auth'));
      const socket = connect(gateway.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(text);
      let answer = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      await once(socket, 'close');
      expect(answer).not.toMatch(/^HTTP\/1.1 (200|5..)/);
      expect((await ask('/v1/auth/me')).status).toBe(200);
    });
  });
});
