import { randomBytes } from 'node:crypto';
import { EnvironmentError } from '@gatehouse/environment';

/** The cost of a hash. */
export interface Argon2Parameters {
  /** KiB. */
  memoryCost: number;
  /** Passes. */
  timeCost: number;
  /** Lanes. */
  parallelism: number;
}

/** OWASP's choices for argon2id: the least memory (KiB) for so many passes, the fewest first; more passes need no less. */
const LEAST_MEMORY = [47_104, 19_456, 12_288, 9_216, 7_168];

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** @throws EnvironmentError when a hash would be cheaper to guess than OWASP thinks right */
export function argon2Parameters(variables: {
  PASSWORD_HASH_MEMORY_KIB: number;
  PASSWORD_HASH_ITERATIONS: number;
  PASSWORD_HASH_PARALLELISM: number;
}): Argon2Parameters {
  const {
    PASSWORD_HASH_MEMORY_KIB: memoryCost,
    PASSWORD_HASH_ITERATIONS: timeCost,
    PASSWORD_HASH_PARALLELISM: parallelism,
  } = variables;
  const least = LEAST_MEMORY[Math.min(timeCost, LEAST_MEMORY.length) - 1] as number;
  if (memoryCost >= least) return { memoryCost, timeCost, parallelism };
  throw new EnvironmentError([
    `PASSWORD_HASH_MEMORY_KIB: must be at least ${least} with PASSWORD_HASH_ITERATIONS=${timeCost} (OWASP's minimum for argon2id)`,
  ]);
}

/** Whether a hash was made by another algorithm or at another cost than new ones are. */
export function isOutdated(phc: string, { memoryCost, timeCost, parallelism }: Argon2Parameters): boolean {
  const cost = PHC.exec(phc)?.slice(1).map(Number);
  return cost?.join() !== [memoryCost, timeCost, parallelism].join();
}

/** The hash of a password that nobody knows: to check one against it is the work of any other check. */
export function decoyHash({ memoryCost, timeCost, parallelism }: Argon2Parameters): string {
  const [salt, digest] = [16, 32].map((bytes) => randomBytes(bytes).toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${digest}`;
}
