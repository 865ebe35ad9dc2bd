import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { newBoxKeys, openBox } from '@gatehouse/envelope-encryption';
import { type ProviderRequests, releaseContext } from '@gatehouse/provider-health-contracts';
import { type OpenTransport, openTransport, type RequestClient } from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { answering, answeringByTls, closedPort, type Upstream } from '../../../../test/support/upstreams.js';
import { tracesOf, writtenInRedis, writtenInTables } from '../everything-written.js';
import { ProviderWorld } from './provider-world.js';

const KEY = 'sk-planted-7f1c9e5ab24d4c0f8a36-end4';
const EDITOR = ['providers:read', 'providers:write', 'providers:report', 'providers:override'];
const WITH_KEY = { authorization: 'Bearer {{apiKey}}' };

/** Whoever may write providers, and not use their keys, tries to get a key out. */
describe('the API key of a provider, attacked by an editor of providers', () => {
  const world = new ProviderWorld();
  const lines: string[] = [];
  /** All that the editor was ever answered, and all that came to the editor's own server. */
  const told: string[] = [];
  const heard: string[] = [];
  const closing: (() => Promise<unknown>)[] = [];
  let app: NestFastifyApplication;
  let origin: string;
  let evil: string;
  let caller: OpenTransport;
  let requests: RequestClient<ProviderRequests>;
  let honest: Upstream;
  const served: string[] = [];

  const call = async (...[method, path, body]: ['GET' | 'POST' | 'PATCH' | 'PUT', string, object?]) => {
    const answer = await world.call(app, method, `/v1/providers${path}`, { body, as: 'editor' });
    told.push(answer.text);
    return answer;
  };
  const aCheck = (more: object = {}) => ({
    type: 'http',
    intervalSeconds: 86_400,
    headers: WITH_KEY,
    ...more,
  });
  const check = async (name: string) => (await call('POST', `/${name}/check`)).body;
  /** One with a key, of somebody else. */
  const aVictim = (baseUrl = origin, healthCheck: object = aCheck()) =>
    world.aProvider(app, { apiKey: KEY, baseUrl, healthCheck });
  const up = async <Kind extends Upstream>(upstream: Promise<Kind>): Promise<Kind> => {
    const started = await upstream;
    closing.push(() => started.close());
    return started;
  };
  const at = ({ port }: { port: number }) => `http://127.0.0.1:${port}`;

  beforeAll(async () => {
    await world.open();
    await world.platform.changeRoles({ editor: { parent: 'guest', permissions: EDITOR } });
    world.tokens.set('editor', await aToken(world.platform.key, { claims: { role: 'editor', sub: 'eve' } }));
    app = await world.start({ lines });
    await app.startAllMicroservices();
    caller = await openTransport({
      ...{ service: 'gateway', redis: testRedisSettings(), namespace: world.namespace },
    });
    requests = caller.clients.of('provider-health');
    honest = await up(
      answering(({ headers }, response) => {
        served.push(String(headers.authorization));
        response.end();
      }),
    );
    origin = at(honest);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => heard.push(data.toString()));
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    evil = at(server.address() as AddressInfo);
  }, 60_000);

  afterAll(async () => {
    await caller.close();
    await world.close();
    await Promise.all(closing.map((close) => close()));
  }, 60_000);

  it('does not move with the base URL, also not back', async () => {
    const name = await aVictim();
    expect(await check(name)).toMatchObject({ ok: true });
    expect(served.at(-1)).toBe(`Bearer ${KEY}`);
    const moved = await call('PATCH', `/${name}`, { baseUrl: evil, healthCheck: aCheck() });
    expect([moved.status, moved.body['apiKey']]).toEqual([200, undefined]);
    expect(await check(name)).toMatchObject({ ok: false, message: 'the provider has no API key' });
    await call('PATCH', `/${name}`, { baseUrl: origin });
    expect(await check(name)).toMatchObject({ message: 'the provider has no API key' });
    expect(heard).toEqual([]);
  });

  it('goes to no other origin, whatever the order in which changes and checks come', async () => {
    const name = await aVictim();
    for (let round = 0; round < 20; round++) {
      const body = { baseUrl: origin, apiKey: KEY };
      await Promise.all([
        ...[check(name), call('PATCH', `/${name}`, { baseUrl: evil }), check(name)],
        ...[world.call(app, 'PATCH', `/v1/providers/${name}`, { body }), check(name), check(name)],
      ]);
    }
    expect(heard.join()).not.toContain(KEY);
  }, 60_000);

  it.each([
    ['another scheme', 'https://127.0.0.1:PORT'],
    ['another port', 'http://127.0.0.1:1'],
    ['a name for the same address', 'http://localhost:PORT'],
    ['a trailing dot', 'http://127.0.0.1.nip.test.:PORT'],
    ['a name that begins like it', 'http://127.0.0.1.evil.test:PORT'],
    ['an address that is written otherwise and is another', 'http://127.0.0.2:PORT'],
    ['the same address, mapped', 'http://[::ffff:127.0.0.1]:PORT'],
  ])('goes with no base URL of %s', async (_what, pattern) => {
    const name = await aVictim();
    const answer = await call('PATCH', `/${name}`, { baseUrl: pattern.replace('PORT', String(honest.port)) });
    expect([answer.status, answer.body['apiKey']]).toEqual([200, undefined]);
  });

  it.each([
    ['a dot behind', 'https://api.example.test./v1'],
    ['a letter of another alphabet', 'https://\u0430pi.example.test/v1'],
    ['the same in punycode', 'https://xn--pi-6kc.example.test/v1'],
    ['a host behind a fullwidth dot', 'https://api.example.test\uff0eevil.test/v1'],
    ['a port in other digits', 'https://api.example.test:444'],
    ['the host as a path', 'https://evil.test/api.example.test'],
  ])('goes with no base URL that only looks like its own, by %s', async (_what, baseUrl) => {
    const name = await aVictim('https://api.example.test', aCheck());
    const answer = await call('PATCH', `/${name}`, { baseUrl });
    expect([answer.status, answer.body['apiKey']]).toEqual([200, undefined]);
  });

  it.each([
    'https://api.example.test@evil.test/v1',
    'https://api.example.test:pass@evil.test/v1',
    'https://@evil.test/v1',
    'https://api.example.test:99999',
    'https://api.example.test%00.evil.test/',
    'javascript://api.example.test/',
  ])('stays where it is: %s is either refused or takes no key along', async (baseUrl) => {
    const name = await aVictim('https://api.example.test', aCheck());
    const answer = await call('PATCH', `/${name}`, { baseUrl });
    if (answer.status === 200) expect(answer.body).not.toHaveProperty('apiKey');
    else expect(answer.body['type']).toBe('validation-failed');
  });

  it.each([
    'HTTPS://API.example.test:443/v2',
    'https://api.example.test\\@evil.test/',
    'https:\\\\api.example.test/',
  ])('stays with %s, which is its own origin however it is written', async (baseUrl) => {
    const name = await aVictim('https://api.example.test', aCheck());
    const answer = await call('PATCH', `/${name}`, { baseUrl });
    if (answer.status !== 200) expect(answer.body['type']).toBe('validation-failed');
    else
      expect([new URL(String(answer.body['baseUrl'])).origin, answer.body['apiKey']]).toEqual([
        'https://api.example.test',
        expect.anything(),
      ]);
  });

  it.each([
    ['the path', { path: '/x?k={{apiKey}}' }, 400],
    ['the URL', { url: 'EVIL/{{apiKey}}', headers: {} }, 400],
    ['the body', { method: 'POST', body: '{{apiKey}}' }, 400],
    ['the name of a header', { headers: { '{{apiKey}}': 'x' } }, 400],
    ['a header to another origin', { url: 'EVIL/' }, 400],
    ['the host', { headers: { ...WITH_KEY, host: 'evil.test' } }, 400],
    ['another template', { headers: { a: '{{ apiKey }}' } }, 400],
    ['an escaped template in the path', { path: '/%7B%7BapiKey%7D%7D', headers: {} }, 200],
  ])('is not to be had by a check with it in %s', async (_what, more, status) => {
    const name = await aVictim();
    const healthCheck = JSON.parse(JSON.stringify(aCheck(more)).replaceAll('EVIL', evil)) as object;
    expect((await call('PATCH', `/${name}`, { healthCheck })).status).toBe(status);
    await check(name);
    expect(heard.join()).not.toContain(KEY);
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect of the provider by %i', async (status) => {
    const before = heard.length;
    const provider = await up(
      answering((_request, response) =>
        response.writeHead(status, { location: evil, refresh: `0;url=${evil}` }).end(),
      ),
    );
    const name = await aVictim(at(provider));
    expect(await check(name)).toMatchObject({ ok: false, httpStatus: status });
    expect(heard.length).toBe(before);
  });

  it.each([
    ['the body', (key: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${key.length}\r\n\r\n${key}`],
    ['the reason', (key: string) => `HTTP/1.1 500 ${key}\r\ncontent-length: 0\r\n\r\n`],
    [
      'headers',
      (key: string) => `HTTP/1.1 503 x\r\nx-key: ${key}\r\nset-cookie: ${key}\r\ncontent-length: 0\r\n\r\n`,
    ],
    [
      'the time to wait',
      (key: string) => `HTTP/1.1 429 x\r\nretry-after: ${key}\r\ncontent-length: 0\r\n\r\n`,
    ],
    ['what is no HTTP', (key: string) => `${key}\r\n${key}\r\n`],
    ['a header that is none', (key: string) => `HTTP/1.1 200 OK\r\n${key} \r\n\r\n`],
  ])('is not told of an answer that repeats it in %s', async (_what, answer) => {
    const echo = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        expect(data.toString()).toContain(KEY);
        socket.end(answer(KEY));
      });
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => echo.close(resolve)));
    const name = await aVictim(at(echo.address() as AddressInfo));
    for (let times = 0; times < 5; times++) await check(name);
    for (const path of ['', '/status', '/history', '/incidents', '/stats'])
      await call('GET', `/${name}${path}`);
  });

  it('is sent to nobody who answers at its name and cannot prove that it is', async () => {
    let asked = 0;
    const impostor = await up(answeringByTls((_request, response) => response.end(String(asked++))));
    const name = await aVictim(`https://localhost:${impostor.port}`);
    expect(await check(name)).toMatchObject({ ok: false, class: 'network' });
    const gone = await aVictim(`http://127.0.0.1:${await closedPort()}`);
    expect(await check(gone)).toMatchObject({ ok: false, class: 'network' });
    expect(asked).toBe(0);
  });

  it('is released to no editor, by no message and no route', async () => {
    const name = await aVictim();
    const { publicKey } = newBoxKeys();
    const asked = { name, publicKey };
    const token = world.tokens.get('editor') ?? '';
    await expect(firstValueFrom(requests.send('providers.use-key', asked, { token }))).rejects.toMatchObject({
      type: 'insufficient-permission',
    });
    for (const path of ['key', 'use-key', 'apiKey'])
      for (const method of ['GET', 'POST'] as const)
        expect((await call(method, `/${name}/${path}`, method === 'POST' ? asked : undefined)).status).toBe(
          404,
        );
  });

  it('is nowhere in clear, base64 or hex: not in PostgreSQL, Redis, logs, events or any answer', async () => {
    const name = await aVictim();
    const keys = newBoxKeys();
    const released = await firstValueFrom(
      requests.send(
        'providers.use-key',
        { name, publicKey: keys.publicKey },
        { token: await world.serviceToken(['providers:use-key']) },
      ),
    );
    const opened = openBox(keys, released.sealedKey, releaseContext({ name, ...released }));
    expect(opened.toString()).toBe(KEY);
    await check(name);
    for (let times = 0; times < 5; times++)
      await call('POST', `/${name}/failures`, { class: 'auth', message: 'refused' });
    await eventually('the history', async () => {
      const { body } = await call('GET', `/${name}/history`);
      return (body['items'] as unknown[]).length === 2;
    });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const leaving = new AbortController();
    const epoch = told.length;
    const headers = { authorization: `Bearer ${world.tokens.get('editor')}`, 'last-event-id': 'none' };
    const stream = await fetch(`http://127.0.0.1:${port}/v1/providers/events`, {
      ...{ headers, signal: leaving.signal },
    });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    told.push((await reader.read()).value ?? '');
    await call('POST', `/${name}/marks`, { status: 'healthy' });
    told.push((await reader.read()).value ?? '');
    leaving.abort();
    expect(told.slice(epoch).join()).toContain(`"provider":"${name}"`);

    const written = {
      tables: await writtenInTables(app.get(DataSource)),
      redis: await writtenInRedis(world.redis, world.namespace),
      logs: lines.join('\n'),
      answers: told.join('\n'),
      release: JSON.stringify(released),
    };
    for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const)
      for (const before of ['', 'a', 'ab'])
        expect(tracesOf(KEY, Buffer.from(`${before}${KEY}!`).toString(form))).not.toEqual([]);
    // What is there is seen: else nothing would be found of the key either.
    for (const where of [written.tables, written.redis, written.logs, written.answers])
      expect(where).toContain(name);
    expect(written.tables).toContain(released.keyId);
    expect(Object.entries(written).filter(([, text]) => tracesOf(KEY, text).length > 0)).toEqual([]);
  }, 60_000);
});
