import { AccessExplorer, RevocationGate } from '@gatehouse/access-control';
import { RedisTransportModule, type RequestClient } from '@gatehouse/redis-transport';
import { createService } from '@gatehouse/service-bootstrap';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { firstValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { aServiceToken, aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform } from '../../../../test/support/platform.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, testRedisSettings } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { anEnvironment } from '../an-environment.js';
import { Neighbours } from '../neighbours.js';
import { Upstream } from '../upstream.js';

type Caller = 'admin' | 'ada' | 'bob' | 'viewer' | 'service';

describe('projects-service', () => {
  const namespace = freshNamespace('projects');
  const platform = new Platform(namespace);
  const health = new Neighbours();
  const upstream = new Upstream();
  let database: FreshDatabase;
  let app: NestFastifyApplication;
  let other: INestApplicationContext;
  let tokens: Record<Caller, string>;

  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, as?: Caller, body?: object) => {
    const answer = await app.inject({
      method,
      url: `/v1/projects${path}`,
      payload: body,
      headers: as === undefined ? {} : { authorization: `Bearer ${tokens[as]}` },
    });
    return {
      status: answer.statusCode,
      body: (answer.body === '' ? undefined : answer.json()) as Record<string, unknown>,
    };
  };
  const aProject = async (more: object = {}) => {
    const { status, body } = await call('POST', '', 'ada', { name: 'Atlas', ...more });
    expect(status).toBe(201);
    return String(body['id']);
  };
  const idsSeenBy = async (as?: Caller, path = '') => {
    const { body } = await call('GET', path, as);
    return (body as unknown as { id: string }[]).map(({ id }) => id);
  };
  const told = async (id: string) => {
    const rows = await app
      .get(DataSource)
      .query<{ payload: string }[]>(`SELECT payload::text FROM outbox_message ORDER BY id`);
    return rows
      .map(({ payload }) => JSON.parse(payload) as { action: string; actor: object; target: { id: string } })
      .filter(({ target }) => target.id === id);
  };

  beforeAll(async () => {
    await Promise.all([platform.open(), upstream.open()]);
    await health.open(platform.url);
    health.upstream = upstream.origin;
    const user = (sub: string, role = 'user') => aToken(platform.key, { claims: { sub, role, sid: sub } });
    tokens = {
      admin: await user('root', 'admin'),
      ada: await user('ada'),
      bob: await user('bob'),
      viewer: await user('viewer', 'viewer'),
      service: await aServiceToken(platform.key, 'billing', ['projects:read']),
    };
    database = await freshDatabase('projects');
    const environment = anEnvironment({ namespace, databaseUrl: database.url, gateway: health.origin });
    app = await createService({
      ...{ name: 'projects-service', transport: 'projects', path: 'projects' },
      module: AppModule.of(environment),
      environment: environment.variables,
    });
    await app.startAllMicroservices();
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
    const module = await Test.createTestingModule({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: 'billing', redis: testRedisSettings(), namespace }),
        }),
        RedisTransportModule.registerClient({ name: 'PROJECTS', service: 'projects' }),
      ],
    }).compile();
    other = await module.init();
  });

  afterAll(async () => {
    await other?.close();
    await app?.close();
    await Promise.all([platform.close(), health.close(), upstream.close()]);
    await database?.drop();
  });

  it('asks on each route what it says it asks', async () => {
    const id = await aProject();
    const statuses = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => {
      const callers = [undefined, 'viewer', 'service', 'bob', 'admin'] as const;
      const answers = [];
      for (const as of callers) answers.push((await call(method, path, as, body)).status);
      return answers;
    };
    expect(await statuses('GET', '/ping')).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses('GET', '')).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses('POST', '', { name: 'x' })).toEqual([401, 403, 403, 201, 201]);
    expect(await statuses('GET', '/all')).toEqual([401, 403, 200, 403, 200]);
    // Who may ask for a summary is told that there is no such project where it is somebody else's.
    expect(await statuses('POST', `/${id}/summary`)).toEqual([401, 403, 403, 404, 404]);
    expect(await statuses('POST', `/${id}/archive`)).toEqual([401, 403, 403, 403, 204]);
    expect(await statuses('DELETE', `/${id}`)).toEqual([401, 403, 403, 403, 204]);
  });

  it('lets nobody in without a word: what is open is said', () => {
    const open = app
      .get(AccessExplorer)
      .handlers()
      .filter(({ controller, requirement }) => /^Project/.test(controller) && requirement.mode !== 'required')
      .map(({ handler, requirement }) => `${handler} ${requirement.mode}`);
    expect(open.sort()).toEqual(['list optional', 'ping public']);
  });

  it('shows guests what is shared, users their own too, and those with the permission everything', async () => {
    const [own, shared] = [await aProject(), await aProject({ shared: true })];
    expect(await idsSeenBy()).toContain(shared);
    expect(await idsSeenBy()).not.toContain(own);
    expect(await idsSeenBy('ada')).toEqual(expect.arrayContaining([own, shared]));
    expect(await idsSeenBy('bob')).not.toContain(own);
    expect(await idsSeenBy('service', '/all')).toEqual(expect.arrayContaining([own, shared]));
    const forged = await app.inject({ url: '/v1/projects', headers: { authorization: 'Bearer x' } });
    expect(forged.statusCode).toBe(401);
  });

  it('refuses a session that was revoked', async () => {
    expect((await call('GET', '', 'bob')).status).toBe(200);
    await platform.revoke({ kind: 'session', id: 'bob' });
    await eventually('refused', async () => (await call('GET', '', 'bob')).status === 401);
    tokens.bob = await aToken(platform.key, { claims: { sub: 'bob', sid: 'another' } });
  });

  it("takes a right from a role of the platform's own", async () => {
    const token = await aToken(platform.key, { claims: { sub: 'eve', role: 'librarian', sid: 'eve' } });
    tokens.bob = token;
    const id = await aProject();
    expect((await call('POST', `/${id}/archive`, 'bob')).status).toBe(403);
    await platform.changeRoles({ librarian: { parent: 'user', permissions: ['projects:archive'] } });
    await eventually('allowed', async () => (await call('POST', `/${id}/archive`, 'bob')).status === 204);
  });

  it('writes each change together with its audit event, or neither', async () => {
    const id = await aProject();
    await call('POST', `/${id}/archive`, 'admin');
    await call('DELETE', `/${id}`, 'admin');
    expect(await told(id)).toMatchObject([
      { action: 'project.created', actor: { type: 'user', id: 'ada' } },
      { action: 'project.archived', actor: { type: 'user', id: 'root' } },
      { action: 'project.deleted', actor: { type: 'user', id: 'root' } },
    ]);
    expect((await call('DELETE', `/${id}`, 'admin')).status).toBe(404);
    expect(await told(id)).toHaveLength(3);

    const before = await idsSeenBy('admin', '/all');
    await app.get(DataSource).query(`ALTER TABLE outbox_message RENAME TO outbox_message_away`);
    expect((await call('POST', '', 'ada', { name: 'untold' })).status).toBe(500);
    await app.get(DataSource).query(`ALTER TABLE outbox_message_away RENAME TO outbox_message`);
    expect(await idsSeenBy('admin', '/all')).toEqual(before);
  });

  it('answers another service over the transport, by what that service may do', async () => {
    const id = await aProject();
    const projects =
      other.get<RequestClient<Record<string, { payload: object; answer: object }>>>('PROJECTS');
    const ask = (token: string) => firstValueFrom(projects.send('projects.get', { id }, { token }));
    expect(await ask(tokens.service)).toMatchObject({ id, name: 'Atlas', ownerId: 'ada' });
    await expect(ask(tokens.ada)).rejects.toMatchObject({ type: 'insufficient-permission', status: 403 });
    const none = await aServiceToken(platform.key, 'other', ['projects:write']);
    await expect(ask(none)).rejects.toMatchObject({ type: 'insufficient-permission' });
  });

  describe('summaries', () => {
    const text = 'One two three four five six seven';

    beforeEach(() => {
      health.reports.length = 0;
      health.status = 200;
    });

    it('are written by the provider that is healthy, which is told', async () => {
      const id = await aProject({ text });
      expect(await call('POST', `/${id}/summary`, 'ada')).toMatchObject({
        status: 200,
        body: { id, summary: 'One two three four five …' },
      });
      expect(health.reports).toEqual([
        {
          path: 'writer/successes',
          body: { outcomeId: expect.any(String) as string, responseTimeMs: expect.any(Number) as number },
        },
      ]);
      expect(health.authorizations.at(-1)).toMatch(/^Bearer token-/);
      expect(await told(id)).toMatchObject([
        {},
        { action: 'project.summarised', details: { provider: 'writer' } },
      ]);
    });

    it('fail with 503 when the provider fails, which is told too', async () => {
      const id = await aProject({ text });
      await upstream.behave('writer', 500);
      const { status, body } = await call('POST', `/${id}/summary`, 'ada');
      expect([status, body['type']]).toEqual([503, 'dependency-unavailable']);
      expect(health.reports).toMatchObject([{ path: 'writer/failures', body: { class: 'server' } }]);
      expect(await told(id)).toHaveLength(1);

      health.healthy = ['spare-writer'];
      expect((await call('POST', `/${id}/summary`, 'ada')).status).toBe(200);
      expect(health.reports[1]).toMatchObject({ path: 'spare-writer/successes' });
    });

    it('are not written without provider-health-service, and another token is asked for after a refused one', async () => {
      const id = await aProject({ text });
      const before = health.given;
      health.status = 401;
      expect((await call('POST', `/${id}/summary`, 'ada')).status).toBe(503);
      health.status = 200;
      expect((await call('POST', `/${id}/summary`, 'ada')).status).toBe(200);
      expect(health.given).toBe(before + 1);
    });
  });
});
