import type { SearchColumns } from '@gatehouse/audit-log-verifier';
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

/** Events of which the columns are told at once: those of a tile. */
const MOST_COLUMNS = 256;

/** The query of `GET /v1/audit/columns`: from one `seq` up to another, which is the first left out. */
export const ColumnsQuery = z
  .strictObject({ from: size, to: size })
  .refine(({ from, to }) => to - from <= MOST_COLUMNS, {
    path: ['to'],
    message: `must be at most ${MOST_COLUMNS} beyond from`,
  });
export type ColumnsQuery = z.infer<typeof ColumnsQuery>;

export interface ColumnsAnswer {
  items: ({ seq: number } & SearchColumns)[];
}
