import { isOutdated } from './argon2-parameters.js';

describe('isOutdated', () => {
  it.each([
    ['the present cost', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', false],
    ['less memory', '$argon2id$v=19$m=7168,t=2,p=1$c2FsdA$aGFzaA', true],
    ['more passes', '$argon2id$v=19$m=19456,t=3,p=1$c2FsdA$aGFzaA', true],
    ['more lanes', '$argon2id$v=19$m=19456,t=2,p=4$c2FsdA$aGFzaA', true],
    ['argon2i', '$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', true],
    ['an earlier version of argon2', '$argon2id$v=16$m=19456,t=2,p=1$c2FsdA$aGFzaA', true],
    ['bcrypt', '$2b$12$abcdefghijklmnopqrstuv', true],
  ])('of %s: %s', (_case, phc, expected) => {
    expect(isOutdated(phc)).toBe(expected);
  });
});
