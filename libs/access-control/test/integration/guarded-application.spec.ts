import { Controller, Get, type INestApplication, Module, Sse } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  AccessControlModule,
  type AccessControlOptions,
  AccessSignal,
  AdminOnly,
  Public,
  RequirePermission,
  RevocationGate,
  RoleCatalogue,
  Roles,
} from '@gatehouse/access-control';
import { interval, map } from 'rxjs';
import { aToken, type TokenChanges } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { Platform } from '../../../../test/support/platform.js';

const signals: AbortSignal[] = [];

@Controller('projects')
@Roles('user')
class ProjectsController {
  @Get()
  @RequirePermission('providers:read')
  list() {
    return {};
  }

  @Get('write')
  @RequirePermission('providers:report')
  write() {
    return {};
  }

  @Get('admin')
  @AdminOnly()
  admin() {
    return {};
  }

  @Get('ping')
  @Public()
  ping() {
    return {};
  }

  @Get('export')
  async export(@AccessSignal() signal: AbortSignal) {
    signals.push(signal);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { lost: true };
  }

  @Sse('events')
  @RequirePermission('tickets:read')
  events() {
    return interval(20).pipe(map((n) => ({ data: String(n) })));
  }
}

@Module({ controllers: [ProjectsController] })
class FeaturesModule {}

/** An application that knows nothing of Gatehouse but this one module: no filters, no transport of its own. */
async function start(adapter: 'Fastify' | 'Express', options: AccessControlOptions) {
  @Module({ imports: [AccessControlModule.forRoot(options), FeaturesModule] })
  class AppModule {}
  const app = await NestFactory.create(
    AppModule,
    adapter === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter(),
    { logger: false, abortOnError: false },
  );
  await app.listen(0, '127.0.0.1');
  await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
  await eventually('the roles are known', () => app.get(RoleCatalogue).version !== undefined);
  return app;
}

const ask = async (app: INestApplication, path: string, token?: string) => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${await app.getUrl()}/projects${path}`, { headers });
  const body = (await answer.json()) as { type?: string };
  return { status: answer.status, type: body.type, headers: answer.headers };
};

describe.each(['Fastify', 'Express'] as const)('an application on %s with this one module', (adapter) => {
  let platform: Platform;
  let door: RedisDoor;
  let app: INestApplication;
  const user = (changes: TokenChanges['claims'] = {}) => aToken(platform.key, { claims: changes });

  beforeAll(async () => {
    platform = await new Platform().open();
    platform.map = {
      version: 1,
      roles: { support: { parent: 'user', permissions: ['tickets:read'] } },
    };
    door = await new RedisDoor().open();
    app = await start(adapter, {
      ...platform.options(door.settings),
      staleness: { maxStalenessMs: 3_000, maxOutageMs: 6_000 },
      explain: true,
    });
  });

  afterAll(async () => {
    await app.close();
    await door.close();
    await platform.close();
  });

  it('answers problems in its words', async () => {
    const nobody = await ask(app, '');
    expect(nobody).toMatchObject({ status: 401, type: expect.stringContaining('unauthenticated') as string });
    expect(nobody.headers.get('content-type')).toContain('application/problem+json');
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
    expect(await ask(app, '/admin', await user())).toMatchObject({ status: 403 });
    expect(await ask(app, '', await user())).toMatchObject({ status: 200 });
    expect(await ask(app, '/ping')).toMatchObject({ status: 200 });
  });

  it('says in development which rule refused, and how old the revocations are', async () => {
    const refused = await ask(app, '/admin', await user());
    expect(refused.headers.get('x-auth-decision')).toContain('admin');
    const accepted = await ask(app, '', await user());
    expect(Number(accepted.headers.get('x-auth-revocations-age'))).toBeGreaterThanOrEqual(0);
    expect(accepted.headers.get('x-auth-decision')).toBeNull();
  });

  it('ends server-sent events of a session that is revoked', async () => {
    const token = await user({ sid: `sse-${adapter}`, role: 'support' });
    const answer = await fetch(`${await app.getUrl()}/projects/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    const reading = answer.text();
    await platform.revoke({ kind: 'session', id: `sse-${adapter}` });
    expect(await reading).toContain('data: 0');
  });

  it('ends server-sent events when the role loses the permission', async () => {
    const token = await user({ sid: `role-${adapter}`, role: 'support' });
    const answer = await fetch(`${await app.getUrl()}/projects/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    const reading = answer.text();
    await platform.changeRoles({ support: { parent: 'user', permissions: [] } });
    expect(await reading).toContain('data: 0');
  });

  it('ends server-sent events when the token expires', async () => {
    await platform.changeRoles({ support: { parent: 'user', permissions: ['tickets:read'] } });
    const token = await aToken(platform.key, { claims: { role: 'support' }, expires: '3s' });
    let status = 0;
    let reading: Promise<string> = Promise.resolve('');
    await eventually('it is let in', async () => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${await app.getUrl()}/projects/events`, { headers });
      status = answer.status;
      reading = answer.text();
      return status === 200;
    });
    expect(await reading).toContain('data: 0');
  });

  it('tells a handler that takes long', async () => {
    const token = await user({ sid: `export-${adapter}` });
    const answer = ask(app, '/export', token);
    await eventually('it is at work', () => signals.length > 0);
    await platform.revoke({ kind: 'session', id: `export-${adapter}` });
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('refuses what changes something first when it is cut off, then everything, and goes on by itself', async () => {
    const token = await user();
    expect(await ask(app, '/write', token)).toMatchObject({ status: 200 });
    await door.close();
    await eventually('it is stale', async () => (await ask(app, '/write', token)).status === 503);
    const refused = await ask(app, '/write', token);
    expect(refused.type).toContain('revocations-unknown');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await ask(app, '', token)).toMatchObject({ status: 200 });
    await eventually('all is refused', async () => (await ask(app, '', token)).status === 503);
    expect(await ask(app, '/ping')).toMatchObject({ status: 200 });
    await door.open();
    await eventually('it is back', async () => (await ask(app, '/write', token)).status === 200);
  });
});
