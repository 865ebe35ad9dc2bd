/**
 * Classes of PostgreSQL's codes (appendix A of its manual) that are about the values of a row: data exception,
 * integrity constraint violation, program limit exceeded. A full disk or a missing right is none of them, and must
 * not put good events aside.
 */
const ROW_CLASSES = new Set(['22', '23', '54']);

/** No event is to blame for these: their rows are made of all that the log holds. */
const OF_THE_TREE = new Set(['tile_part', 'log_head']);

/** Whether the database refused what a statement holds, as against not being able to take anything. */
export function isRefusedRow(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  if ('table' in error && OF_THE_TREE.has(String(error.table))) return false;
  return error.code.length === 5 && ROW_CLASSES.has(error.code.slice(0, 2));
}
