import { z } from 'zod';

/** An email address as an account has it: trimmed, in lower case. */
export const email = z.string().trim().toLowerCase().pipe(z.email().max(254));

/** No longer than this, so that hashing it is bounded. */
export const password = z.string().max(256);

/** What a person, a service or a key is called; neither control characters nor halves of characters, which PostgreSQL would not keep. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must have no control characters');
