import { createRequire } from 'node:module';

/** Both are addons in CommonJS, and either may be missing on a machine. */
const require = createRequire(import.meta.url);

/** `Algorithm.Argon2id` of `@node-rs/argon2`, `argon2id` of `argon2`: both write the same PHC string. */
const ARGON2ID = 2;

const LOAD = {
  '@node-rs/argon2': (argon2, cost) => ({
    hash: (password) => argon2.hashSync(password, { ...cost, algorithm: ARGON2ID }),
    verify: (phc, password) => argon2.verifySync(phc, password),
  }),
  // It has no function that hashes in the thread that calls it.
  argon2: (argon2, cost) => ({
    hash: (password) => argon2.hash(password, { ...cost, type: ARGON2ID }),
    verify: (phc, password) => argon2.verify(phc, password),
  }),
};

/**
 * argon2id by a binding, `{ hash(password), verify(phc, password) }`, whose answers may be promises.
 *
 * @param {'@node-rs/argon2' | 'argon2'} binding
 * @param {{ memoryCost: number, timeCost: number, parallelism: number }} cost of new hashes
 */
export function loadArgon2(binding, cost) {
  return LOAD[binding](require(binding), cost);
}
