import { Outsider } from '../../../../test/support/no-credentials.js';
import { AuditWorld } from './audit-fixture.js';

const READABLE = ['/health/live', '/health/ready', '/metrics', '/v1/audit/openapi.json'];
/** Everything that somebody without credentials may ask. A route that is not here refuses, or this test fails. */
const OPEN: string[] = [...['GET', 'HEAD'].flatMap((method) => READABLE.map((path) => `${method} ${path}`))];

describe('audit-service, for who shows no credentials', () => {
  const world = new AuditWorld();
  let outsider: Outsider;

  beforeAll(async () => {
    outsider = await Outsider.of(await world.start());
  }, 60_000);
  afterAll(() => world.stop(), 30_000);

  it('refuses every route of its router but these', async () => {
    expect(await outsider.openRoutes()).toEqual(OPEN);
  });

  it('refuses them to junk, and however else they are written', async () => {
    expect(outsider.routes.length).toBeGreaterThan(OPEN.length + 2);
    expect(await outsider.gaps(OPEN)).toEqual([]);
  }, 120_000);

  it('refuses every message', async () => {
    const answers = Object.entries(await outsider.answersToMessages('audit'));
    expect(answers.filter(([, answer]) => answer !== 'unauthenticated')).toEqual([]);
  });

  it('has no message that access control does not know of', () => {
    expect(outsider.patterns).toBe(outsider.count('message'));
  });
});
