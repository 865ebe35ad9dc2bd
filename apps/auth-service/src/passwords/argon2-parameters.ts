import { randomBytes } from 'node:crypto';

/** The cost of a hash. */
export interface Argon2Parameters {
  /** KiB. */
  memoryCost: number;
  /** Passes. */
  timeCost: number;
  /** Lanes. */
  parallelism: number;
}

/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
export const ARGON2_PARAMETERS: Argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/;

/** Whether a hash was made by another algorithm or at another cost than new ones are. */
export function isOutdated(phc: string, { memoryCost, timeCost, parallelism } = ARGON2_PARAMETERS): boolean {
  const cost = PHC.exec(phc)?.slice(1).map(Number);
  return cost?.join() !== [memoryCost, timeCost, parallelism].join();
}

/** The hash of a password that nobody knows: to check one against it is the work of any other check. */
export function decoyHash({ memoryCost, timeCost, parallelism } = ARGON2_PARAMETERS): string {
  const [salt, digest] = [16, 32].map((bytes) => randomBytes(bytes).toString('base64').replace(/=+$/, ''));
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${digest}`;
}
