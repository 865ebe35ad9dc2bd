import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const BYTES = 16;
/** Random bytes are fetched for many ids at a time: each call to the system costs as much as the rest of the id. */
const pool = Buffer.allocUnsafe(256 * BYTES);
let used = pool.length;

/** A new UUIDv7. */
export function newMessageId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return uuidv7({ random: pool.subarray(used, (used += BYTES)) });
}
