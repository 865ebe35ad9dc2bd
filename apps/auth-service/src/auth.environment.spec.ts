import { readEnvironment, SAMPLE_SECRET } from '@gatehouse/environment';
import { AuthEnvironment, authVariables } from './auth.environment.js';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const given = {
  ISSUER: 'https://platform.test',
  DATABASE_URL: 'postgres://localhost',
  ENCRYPTION_KEY: SECRET,
};
const read = (more: Record<string, string>) => AuthEnvironment.read({ ...given, ...more });

describe('JWT_SECRET_KEY', () => {
  it('is what HS256 signs with, and nothing without it', () => {
    expect(read({ JWT_ALGORITHM: 'HS256', JWT_SECRET_KEY: SECRET }).sharedSecret).toBe(SECRET);
    expect(read({ JWT_SECRET_KEY: SECRET }).sharedSecret).toBeUndefined();
  });

  it.each([
    [{ JWT_ALGORITHM: 'HS256' }, /JWT_SECRET_KEY: is required with JWT_ALGORITHM=HS256/],
    [{ JWT_ALGORITHM: 'HS256', JWT_SECRET_KEY: 'short' }, /JWT_SECRET_KEY: must be at least 32 characters/],
    [{ JWT_ALGORITHM: 'HS256', JWT_SECRET_KEY: SAMPLE_SECRET }, /JWT_SECRET_KEY: is the sample value/],
    [{ JWT_ALGORITHM: 'none' }, /JWT_ALGORITHM/],
  ])('stops the start with %j', (more, message) => {
    expect(() => read(more as Record<string, string>)).toThrow(message);
  });
});

describe('the rules of signing keys', () => {
  it('follow from the lifetimes of access tokens and of a JWKS in caches', () => {
    const { keyRules } = new AuthEnvironment(
      readEnvironment(authVariables, {
        ...given,
        ACCESS_TOKEN_EXPIRE_MINUTES: '5',
        SIGNING_KEY_ROTATION_DAYS: '7',
      }),
    );
    expect(keyRules).toEqual({ aheadMs: 600_000, keptMs: 360_000, rotationMs: 7 * 86_400_000 });
  });
});

describe('how long a revocation is known', () => {
  it('outlives every token that was issued before its commit, by the clocks of two hosts', () => {
    const { revocationMs } = new AuthEnvironment(
      readEnvironment(authVariables, { ...given, ACCESS_TOKEN_EXPIRE_MINUTES: '5' }),
    );
    const [tokenMs, skewMs, commitMs] = [5 * 60_000, 60_000, 120_000];
    expect(revocationMs).toBe(tokenMs + skewMs + commitMs);
  });
});
