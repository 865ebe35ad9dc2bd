import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuthEnvironment } from '../auth.environment.js';
import { PasswordHasher } from './password.hasher.js';
import { PasswordPlaces } from './password.places.js';
import { OverloadedError } from './passwords.errors.js';

describe('PasswordPlaces', () => {
  const hasher = new PasswordHasher(
    AuthEnvironment.read({
      ISSUER: 'https://platform.test',
      DATABASE_URL: 'postgres://localhost',
      ENCRYPTION_KEY: 'a-secret-of-the-tests-that-is-long-enough',
    }),
  );
  const { concurrency, maxWaiting, maxWaitMs } = hasher.limits;

  it('refuses at once one more than may be at work and wait, and takes the next when one has gone', async () => {
    const places = new PasswordPlaces(hasher);
    const ends: (() => void)[] = [];
    const task = () => places.hold(() => new Promise<void>((resolve) => ends.push(resolve)));
    const all = Array.from({ length: concurrency + maxWaiting }, task);
    await expect(task()).rejects.toThrow(OverloadedError);
    expect(ends).toHaveLength(concurrency + maxWaiting);
    ends[0]?.();
    await all[0];
    all.push(task());
    for (const end of ends) end();
    await Promise.all(all);
  });

  it('gives back the place of a task that failed', async () => {
    const places = new PasswordPlaces(hasher);
    const many = Array.from({ length: concurrency + maxWaiting }, () =>
      places.hold(() => Promise.reject(new Error('wrong'))),
    );
    expect((await Promise.allSettled(many)).map(({ status }) => status)).not.toContain('fulfilled');
    expect(await places.hold(async () => 'free')).toBe('free');
  });

  it('tells of refusals, in one line for many', async () => {
    const told = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const places = new PasswordPlaces(hasher);
    const refusal = () => places.hold(() => Promise.reject(new OverloadedError())).catch(() => {});
    await Promise.all(Array.from({ length: 50 }, refusal));
    expect(told.mock.calls).toEqual([[{ refused: 1 }, expect.stringMatching('More sign-ins at once')]]);
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 11_000);
    await refusal();
    expect(told.mock.calls[1]).toEqual([{ refused: 50 }, expect.stringMatching('More sign-ins at once')]);
    now.mockRestore();
    told.mockRestore();
  });

  it('tells when the wait is over', async () => {
    const before = performance.now();
    const until = await new PasswordPlaces(hasher).hold(async (end) => end);
    expect(until).toBeGreaterThanOrEqual(before + maxWaitMs);
    expect(until).toBeLessThanOrEqual(performance.now() + maxWaitMs);
  });
});
