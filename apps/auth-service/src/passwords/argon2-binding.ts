import { createRequire } from 'node:module';
import type * as NodeRsArgon2 from '@node-rs/argon2';
import type * as NodeArgon2 from 'argon2';
import type { Argon2Parameters } from './argon2-parameters.js';

/** Both are addons in CommonJS, and either may be missing on a machine. */
const require = createRequire(import.meta.url);

/** `Algorithm.Argon2id` of `@node-rs/argon2`, `argon2id` of `argon2`: both write the same PHC string. */
const ARGON2ID = 2;

/** argon2id by whichever of two bindings runs on this machine. */
export interface Argon2Binding {
  name: string;
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** `@node-rs/argon2`, which takes half the CPU, where its binary runs; else `argon2`. */
export function loadArgon2(cost: Argon2Parameters): Argon2Binding {
  try {
    return loadNodeRs(cost);
  } catch {
    return loadNodeArgon2(cost);
  }
}

export function loadNodeRs(cost: Argon2Parameters): Argon2Binding {
  const { hash, verify } = require('@node-rs/argon2') as typeof NodeRsArgon2;
  return {
    name: '@node-rs/argon2',
    hash: (password) => hash(password, { ...cost, algorithm: ARGON2ID }),
    verify: (phc, password) => verify(phc, password),
  };
}

export function loadNodeArgon2(cost: Argon2Parameters): Argon2Binding {
  const { hash, verify } = require('argon2') as typeof NodeArgon2;
  return {
    name: 'argon2',
    hash: (password) => hash(password, { ...cost, type: ARGON2ID }),
    verify: (phc, password) => verify(phc, password),
  };
}
