import {
  AccessControlModule,
  Public,
  REFUSAL_RECORDER,
  RequirePermission,
  RevocationGate,
} from '@gatehouse/access-control';
import type { AuditEvent } from '@gatehouse/audit-contracts';
import { DependencyUnavailableError, NotFoundError, ProblemFilter } from '@gatehouse/problem-details';
import { Body, Controller, Delete, type INestApplication, Logger, Param, Post } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { aServiceToken, AUDIENCE, ISSUER } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform } from '../../../../test/support/platform.js';
import { freshNamespace, removeNamespace } from '../../../../test/support/redis.js';
import { Audited, AuditClientModule, type AuditRefusalRecorder, type AuditedCall } from '../../src/index.js';
import { AUDIT_JOURNAL } from '../../src/audit-client.tokens.js';
import { transportOf } from './append.stand-in.js';

const created = ({ answer }: AuditedCall) =>
  answer === undefined ? undefined : { type: 'project', id: (answer as { id: string }).id };

@Controller('projects')
class ProjectsController {
  @Post()
  @RequirePermission('projects:create')
  @Audited('projects.create', { category: 'access', target: created })
  create(@Body() { name }: { name: string }) {
    if (name === '') throw new TypeError('a mistake');
    return { id: `the-${name}` };
  }

  @Delete(':id')
  @RequirePermission('projects:create')
  @Audited('projects.delete', { target: 'project' })
  remove(@Param('id') id: string) {
    if (id === 'missing') throw new NotFoundError();
  }

  @Post('open')
  @Public()
  @Audited('projects.open')
  open() {
    return {};
  }
}

describe('an audited handler', () => {
  const namespace = freshNamespace('audited');
  const platform = new Platform(namespace);
  const told: AuditEvent[] = [];
  let away = false;
  let app: INestApplication;
  let token: string;

  const call = async (method: 'POST' | 'DELETE', path: string, payload: object = {}, as = token) => {
    const headers = { authorization: `Bearer ${as}`, 'user-agent': 'the-agent' };
    const { statusCode } = await (app as NestFastifyApplication).inject({
      ...{ method, url: `/projects${path}`, headers },
      ...(method === 'POST' ? { payload } : {}),
    });
    return statusCode;
  };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    await platform.open();
    token = await aServiceToken(platform.key, 'the-service', ['projects:create']);
    const module = await Test.createTestingModule({
      imports: [
        AccessControlModule.forRoot({
          ...{ issuer: ISSUER, audience: AUDIENCE, jwksUrl: `${platform.url}/.well-known/jwks.json` },
        }),
        transportOf('projects', namespace),
        AuditClientModule.withoutDatabase({ producer: 'projects' }),
      ],
      controllers: [ProjectsController],
    })
      .overrideProvider(AUDIT_JOURNAL)
      .useValue({
        keep: async (event: AuditEvent) => {
          if (away) throw new DependencyUnavailableError('Redis');
          told.push(event);
        },
      })
      .compile();
    app = module.createNestApplication(new FastifyAdapter());
    app.useGlobalFilters(new ProblemFilter());
    await app.init();
    await (app as NestFastifyApplication).getHttpAdapter().getInstance().ready();
    await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
  });

  beforeEach(() => {
    told.length = 0;
    away = false;
  });

  afterAll(async () => {
    await app.close();
    await platform.close();
    await removeNamespace(namespace);
  });

  it('tells who did what to what from where, before it is answered', async () => {
    expect(await call('DELETE', '/p1')).toBe(200);
    expect(told).toMatchObject([
      {
        ...{ category: 'admin', action: 'projects.delete', outcome: 'success' },
        actor: { type: 'service', id: 'the-service' },
        target: { type: 'project', id: 'p1' },
        context: { userAgent: 'the-agent', ip: '127.0.0.1', service: 'projects' },
        details: { handled: 'DELETE /projects/:id' },
      },
    ]);
  });

  it('names what was made by the answer', async () => {
    expect(await call('POST', '', { name: 'new' })).toBe(201);
    expect(told).toMatchObject([{ category: 'access', target: { type: 'project', id: 'the-new' } }]);
  });

  it('tells of what failed, and why', async () => {
    expect(await call('DELETE', '/missing')).toBe(404);
    expect(await call('POST', '', { name: '' })).toBe(500);
    expect(told).toMatchObject([
      { outcome: 'failure', reason: 'not-found', target: { id: 'missing' } },
      { outcome: 'failure', reason: 'internal-error' },
    ]);
    expect(told[1]).not.toHaveProperty('target');
  });

  it('leaves what the guards refuse to those', async () => {
    expect(await call('DELETE', '/p1', {}, 'nonsense')).toBe(401);
    expect(told).toEqual([]);
    await app.get<AuditRefusalRecorder>(REFUSAL_RECORDER).flush();
    expect(told).toMatchObject([{ action: 'access.unauthenticated' }]);
  });

  it('tells of nobody where nobody is asked for', async () => {
    expect(await call('POST', '/open')).toBe(201);
    expect(told).toMatchObject([{ action: 'projects.open', actor: { type: 'anonymous' } }]);
  });

  it('answers 503 when it cannot be told, and tells no failure of what succeeded', async () => {
    away = true;
    expect(await call('DELETE', '/p1')).toBe(503);
    expect(told).toEqual([]);
  });
});
