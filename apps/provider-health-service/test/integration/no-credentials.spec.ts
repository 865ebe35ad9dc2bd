import { createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Outsider } from '../../../../test/support/no-credentials.js';
import { Platform } from '../../../../test/support/platform.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { anEnvironment } from '../an-environment.js';

const READABLE = ['/health/live', '/health/ready', '/metrics', '/v1/providers/openapi.json'];
/** Everything that somebody without credentials may ask. A route that is not here refuses, or this test fails. */
const OPEN: string[] = [...['GET', 'HEAD'].flatMap((method) => READABLE.map((path) => `${method} ${path}`))];

describe('provider-health-service, for who shows no credentials', () => {
  const namespace = freshNamespace('provider-health');
  const platform = new Platform(namespace);
  let database: FreshDatabase;
  let app: NestFastifyApplication;
  let outsider: Outsider;

  beforeAll(async () => {
    await platform.open();
    database = await freshDatabase('provider_health');
    const environment = anEnvironment({ namespace, databaseUrl: database.url, authUrl: platform.url });
    app = await createService({
      ...{ name: 'provider-health-service', transport: 'provider-health', path: 'providers' },
      module: AppModule.of(environment),
      environment: environment.variables,
    });
    outsider = await Outsider.of(app);
  }, 60_000);

  afterAll(async () => {
    await app.close();
    await platform.close();
    await database.drop();
  }, 30_000);

  it('refuses every route of its router but these', async () => {
    expect(await outsider.openRoutes()).toEqual(OPEN);
  });

  it('refuses them to junk, and however else they are written', async () => {
    expect(outsider.routes.length).toBeGreaterThan(OPEN.length + 5);
    expect(await outsider.gaps(OPEN)).toEqual([]);
  }, 120_000);

  it('refuses every message', async () => {
    const answers = Object.entries(await outsider.answersToMessages('provider-health'));
    expect(answers.filter(([, answer]) => answer !== 'unauthenticated')).toEqual([]);
  });

  it('has no message that access control does not know of', () => {
    expect(outsider.patterns).toBe(outsider.count('message'));
  });
});
