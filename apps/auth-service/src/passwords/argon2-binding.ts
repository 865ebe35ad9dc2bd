import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Threads of libuv, where `argon2` hashes: all but one, which is left to the names that are resolved there and the files read. */
const LIBUV_THREADS = 3;

/** An addon that hashes by argon2id. */
export interface Argon2Binding {
  name: '@node-rs/argon2' | 'argon2';
  /** Hashes that it can have at work in a process. */
  mostAtOnce: number;
}

/** `@node-rs/argon2`, which takes half the CPU, where its binary runs; else `argon2`. @throws when neither does */
export function chooseBinding(): Argon2Binding {
  try {
    require('@node-rs/argon2');
    return { name: '@node-rs/argon2', mostAtOnce: Infinity };
  } catch {
    require('argon2');
    return { name: 'argon2', mostAtOnce: LIBUV_THREADS };
  }
}
