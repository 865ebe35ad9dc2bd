import { AuthEnvironment } from '../auth.environment.js';
import { PasswordHasher } from './password.hasher.js';

describe('PasswordHasher', () => {
  const hasherWith = (more: Record<string, string> = {}) =>
    new PasswordHasher(
      AuthEnvironment.read({
        ISSUER: 'https://platform.test',
        DATABASE_URL: 'postgres://localhost',
        ENCRYPTION_KEY: 'a-secret-of-the-tests-that-is-long-enough',
        ...more,
      }),
    );
  const hasher = hasherWith();

  it('writes argon2id with the parameters of the design, salted', async () => {
    const [first, second] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
  });

  it('writes what is configured, and reads what was', async () => {
    const other = hasherWith({ PASSWORD_HASH_MEMORY_KIB: '12288', PASSWORD_HASH_ITERATIONS: '3' });
    const hash = await other.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=12288,t=3,p=1\$/);
    expect([other.isOutdated(hash), hasher.isOutdated(hash)]).toEqual([false, true]);
    expect(await hasher.verify(hash, 'correct horse')).toBe(true);
  });

  it('accepts the password and nothing else', async () => {
    const hash = await hasher.hash('correct horse');
    expect(await hasher.verify(hash, 'correct horse')).toBe(true);
    expect(await hasher.verify(hash, 'correct horse ')).toBe(false);
    expect(await hasher.verify(hash, '')).toBe(false);
  });

  it('refuses whatever is shown for an account that is not there', async () => {
    expect(await hasher.verify(undefined, 'correct horse')).toBe(false);
    expect(await hasher.verify(undefined, '')).toBe(false);
  });
});
