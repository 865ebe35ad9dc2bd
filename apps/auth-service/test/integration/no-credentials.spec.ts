import { Outsider } from '../../../../test/support/no-credentials.js';
import { AuthWorld } from './auth-world.js';

const READABLE = [
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-authorization-server/*',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/v1/auth/openapi.json',
];
/** Everything that somebody without credentials may ask. A route that is not here refuses, or this test fails. */
const OPEN: string[] = [
  ...['GET', 'HEAD'].flatMap((method) => READABLE.map((path) => `${method} ${path}`)),
  ...['introspect', 'login', 'password-reset', 'refresh', 'register', 'revoke', 'token'].map(
    (name) => `POST /v1/auth/${name}`,
  ),
];

describe('auth-service, for who shows no credentials', () => {
  const world = new AuthWorld();
  let outsider: Outsider;

  beforeAll(async () => {
    outsider = await Outsider.of(await world.start({ LOGIN_LIMIT_PER_ADDRESS: '100000/60' }));
  }, 60_000);
  afterAll(() => world.stop(), 30_000);

  it('refuses every route of its router but these', async () => {
    expect(await outsider.openRoutes()).toEqual(OPEN);
  });

  it('refuses them to junk, and however else they are written', async () => {
    expect(outsider.routes.length).toBeGreaterThan(OPEN.length + 20);
    expect(await outsider.gaps(OPEN)).toEqual([]);
  }, 120_000);

  it('refuses every message but these', async () => {
    const answers = Object.entries(await outsider.answersToMessages('auth'));
    const open = answers.filter(([, answer]) => answer !== 'unauthenticated').map(([pattern]) => pattern);
    expect(open.sort()).toEqual(['auth.permission-map', 'auth.revocations', 'auth.verify-api-key']);
    expect(answers.length).toBeGreaterThan(open.length);
  });

  it('has no message that access control does not know of', () => {
    expect(outsider.patterns).toBe(outsider.count('message'));
  });
});
