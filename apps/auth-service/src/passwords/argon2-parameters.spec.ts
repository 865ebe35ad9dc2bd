import { argon2Parameters, isOutdated } from './argon2-parameters.js';

describe('argon2Parameters', () => {
  const read = (PASSWORD_HASH_MEMORY_KIB: number, PASSWORD_HASH_ITERATIONS: number) =>
    argon2Parameters({
      PASSWORD_HASH_MEMORY_KIB,
      PASSWORD_HASH_ITERATIONS,
      PASSWORD_HASH_PARALLELISM: 1,
    });

  it.each([
    [47_104, 1],
    [19_456, 2],
    [12_288, 3],
    [9_216, 4],
    [7_168, 5],
    [7_168, 20],
  ])('takes OWASP’s minimum, %i KiB with %i passes, and nothing below', (memoryCost, timeCost) => {
    expect(read(memoryCost, timeCost)).toEqual({ memoryCost, timeCost, parallelism: 1 });
    expect(() => read(memoryCost - 1, timeCost)).toThrow(
      `PASSWORD_HASH_MEMORY_KIB: must be at least ${memoryCost} with PASSWORD_HASH_ITERATIONS=${timeCost}`,
    );
  });
});

describe('isOutdated', () => {
  const present = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

  it.each([
    ['the present cost', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', false],
    ['less memory', '$argon2id$v=19$m=7168,t=2,p=1$c2FsdA$aGFzaA', true],
    ['more passes', '$argon2id$v=19$m=19456,t=3,p=1$c2FsdA$aGFzaA', true],
    ['more lanes', '$argon2id$v=19$m=19456,t=2,p=4$c2FsdA$aGFzaA', true],
    ['argon2i', '$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', true],
    ['an earlier version of argon2', '$argon2id$v=16$m=19456,t=2,p=1$c2FsdA$aGFzaA', true],
    ['bcrypt', '$2b$12$abcdefghijklmnopqrstuv', true],
  ])('of %s: %s', (_case, phc, expected) => {
    expect(isOutdated(phc, present)).toBe(expected);
  });
});
