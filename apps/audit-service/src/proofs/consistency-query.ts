import { z } from 'zod';

const size = z
  .string()
  .regex(/^\d{1,16}$/, 'must be a size of the log')
  .transform(Number)
  .refine(Number.isSafeInteger, 'must be a size of the log');

/** The query of `GET /v1/audit/consistency`: two sizes that the log has had, the smaller first. */
export const ConsistencyQuery = z.strictObject({ from: size, to: size });
export type ConsistencyQuery = z.infer<typeof ConsistencyQuery>;

/** That the log of size `to` goes on from the one of size `from` (RFC 9162 §2.1.4). */
export interface ConsistencyAnswer {
  from: number;
  to: number;
  /** Hashes, base64; none from 0, nor between equal sizes. */
  path: string[];
}
