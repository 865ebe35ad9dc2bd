import { createHash } from 'node:crypto';

/** As the token of a reset is kept. It is 256 random bits: nothing slower is needed against guessing. */
export const hashOfReset = (token: string): Buffer => createHash('sha256').update(token).digest();
