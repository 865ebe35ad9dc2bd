import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import {
  answering,
  answeringByTls,
  closedPort,
  dripping,
  hanging,
  saying,
  type Upstream,
} from '../../../../test/support/upstreams.js';
import { ProviderWorld } from './provider-world.js';

const KEY = 'sk-planted-key-that-nobody-may-see';
const PLANTED = 'planted-value-of-a-header';
const BODY = 'planted-body-of-an-answer';

describe('health checks', () => {
  const world = new ProviderWorld();
  const upstreams: Upstream[] = [];
  let app: NestFastifyApplication;

  const up = async <Kind extends Upstream>(upstream: Promise<Kind>): Promise<Kind> => {
    const started = await upstream;
    upstreams.push(started);
    return started;
  };
  const at = (upstream: { port: number }) => `http://127.0.0.1:${upstream.port}`;
  /** Checked once a day: not within a test, unless it is asked for. */
  const aCheck = (more: object = {}) => ({ type: 'http', intervalSeconds: 86_400, jitter: 0.5, ...more });
  const check = (name: string, as = 'admin') =>
    world.call(app, 'POST', `/v1/providers/${name}/check`, { as });
  const status = async (name: string) => (await world.call(app, 'GET', `/v1/providers/${name}/status`)).body;

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 120_000);
  afterEach(() => Promise.all(upstreams.splice(0).map((upstream) => upstream.close())));
  afterAll(() => world.close(), 60_000);

  it('asks as it is told, with the key in its place, and tells neither that nor what came', async () => {
    let seen: Record<string, unknown> = {};
    const upstream = await up(
      answering(({ method, url, headers }, response) => {
        seen = { method, url, authorization: headers.authorization, other: headers['x-other'] };
        response.writeHead(200, { 'x-secret': BODY }).end(BODY);
      }),
    );
    const name = await world.aProvider(app, {
      ...{ baseUrl: `${at(upstream)}/v1`, apiKey: KEY },
      healthCheck: aCheck({
        path: '/models?limit=1',
        headers: { Authorization: 'Bearer {{apiKey}}', 'X-Other': PLANTED },
      }),
    });
    const { body, text } = await check(name);
    expect(seen).toEqual({
      ...{ method: 'GET', url: '/v1/models?limit=1', authorization: `Bearer ${KEY}`, other: PLANTED },
    });
    expect(body).toEqual({
      ...{ name, ok: true, httpStatus: 200, responseTimeMs: expect.any(Number) as number },
      at: expect.any(String) as string,
      provider: expect.objectContaining({ consecutiveSuccesses: 1 }) as object,
    });
    const { text: told } = await world.call(app, 'GET', `/v1/providers/${name}`);
    for (const secret of [KEY, PLANTED, BODY]) expect(text + told).not.toContain(secret);
    expect(JSON.parse(told)).toMatchObject({ healthCheck: { headerNames: ['Authorization', 'X-Other'] } });
  });

  it.each([
    ['a fault', () => answering((_request, response) => response.writeHead(500).end()), 'server'],
    ['overload', () => answering((_request, response) => response.writeHead(503).end()), 'overload'],
    ['a refused key', () => answering((_request, response) => response.writeHead(401).end()), 'auth'],
    ['silence', () => hanging(), 'timeout'],
    ['a body without end', () => dripping('HTTP/1.1 200 OK\r\n\r\n', '.', 50), 'timeout'],
    ['headers without end', () => dripping('HTTP/1.1 200 OK\r\n', 'x: y\r\n', 50), 'timeout'],
    ['a lie', () => saying('220 smtp.example.test ESMTP\r\n'), 'server'],
    ['a cut connection', () => answering((request) => request.socket.destroy()), 'network'],
  ])('counts %s', async (_what, start, failureClass) => {
    const upstream = await up<Upstream>(start());
    const name = await world.aProvider(app, {
      ...{ baseUrl: at(upstream), healthCheck: aCheck({ timeoutMs: 1_000 }) },
    });
    expect((await check(name)).body).toMatchObject({ ok: false, class: failureClass });
    expect(await status(name)).toMatchObject({
      consecutiveFailures: 1,
      lastFailure: { class: failureClass },
    });
  });

  it('takes a body of whatever size for an answer', async () => {
    const upstream = await up(dripping('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536), 0));
    const name = await world.aProvider(app, { baseUrl: at(upstream), healthCheck: aCheck() });
    expect((await check(name)).body).toMatchObject({ ok: true, httpStatus: 200 });
  });

  it('counts a closed port, and a certificate that nobody signed', async () => {
    const tls = await up(answeringByTls((_request, response) => response.end()));
    for (const baseUrl of [`http://127.0.0.1:${await closedPort()}`, `https://localhost:${tls.port}`]) {
      const name = await world.aProvider(app, { baseUrl, healthCheck: aCheck() });
      expect((await check(name)).body).toMatchObject({ ok: false, class: 'network' });
    }
  });

  it('follows no redirect: the key goes nowhere else', async () => {
    const other = await up(answering((_request, response) => response.end()));
    const upstream = await up(
      answering((_request, response) => response.writeHead(307, { location: `${at(other)}/` }).end()),
    );
    const name = await world.aProvider(app, {
      ...{ baseUrl: at(upstream), apiKey: KEY },
      healthCheck: aCheck({ headers: { authorization: '{{apiKey}}' } }),
    });
    expect((await check(name)).body).toMatchObject({ ok: false, class: 'server', httpStatus: 307 });
    expect(other.connections()).toBe(0);
  });

  it('does not count a check that asks wrongly', async () => {
    const upstream = await up(answering((_request, response) => response.writeHead(404).end()));
    const name = await world.aProvider(app, { baseUrl: at(upstream), healthCheck: aCheck() });
    expect((await check(name)).body).toMatchObject({ ok: false, class: 'client', httpStatus: 404 });
    expect(await status(name)).toMatchObject({ consecutiveFailures: 0, consecutiveSuccesses: 0 });
  });

  it('asks nobody when the provider has no key for the place', async () => {
    const upstream = await up(answering((_request, response) => response.end()));
    const headers = { authorization: '{{apiKey}}' };
    const name = await world.aProvider(app, { baseUrl: at(upstream), healthCheck: aCheck({ headers }) });
    expect((await check(name)).body).toMatchObject({ ok: false, message: 'the provider has no API key' });
    const moved = await world.aProvider(app, {
      ...{ baseUrl: 'http://elsewhere.test', apiKey: KEY, healthCheck: aCheck({ headers }) },
    });
    await app
      .get(DataSource)
      .query('UPDATE provider SET base_url = $1 WHERE name = $2', [at(upstream), moved]);
    expect((await check(moved)).body).toMatchObject({ message: 'the API key is for another origin' });
    expect(upstream.connections()).toBe(0);
  });

  it('over TCP connects and sends nothing', async () => {
    const upstream = await up(hanging());
    const name = await world.aProvider(app, {
      ...{ baseUrl: 'http://127.0.0.1', healthCheck: { ...aCheck(), type: 'tcp', port: upstream.port } },
    });
    const { body } = await check(name);
    expect(body).toMatchObject({ ok: true });
    expect(body).not.toHaveProperty('httpStatus');
    expect(upstream.connections()).toBe(1);
  });

  it('refuses a check that would send the key elsewhere, and adds nothing', async () => {
    const name = world.aName();
    const body = {
      ...{ name, kind: 'openai', baseUrl: 'https://api.example.test', apiKey: KEY },
      healthCheck: aCheck({ url: 'https://evil.example.test/', headers: { authorization: '{{apiKey}}' } }),
    };
    const answer = await world.call(app, 'POST', '/v1/providers', { body });
    expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    expect(answer.body['errors']).toMatchObject([{ path: 'healthCheck.headers' }]);
    expect((await world.call(app, 'GET', `/v1/providers/${name}`)).status).toBe(404);
  });

  it('refuses who may not, what is not there, and what has no check', async () => {
    const name = await world.aProvider(app);
    expect((await check(name, 'user')).status).toBe(403);
    expect((await check('nobody')).status).toBe(404);
    const answer = await check(name);
    expect([answer.status, answer.body['type']]).toEqual([409, 'no-health-check']);
  });
});
