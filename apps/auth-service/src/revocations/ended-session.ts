/** What is known of a session that may have ended. */
export interface SessionOfAccount {
  id: string;
  userId: string;
  /** The account's epoch when the session was made, or was left out of the end of all others. */
  epoch: number;
}

interface Condition {
  sql: string;
  parameters: unknown[];
}

/**
 * Whether a session, `$1` of the account `$2` with the epoch `$3`, has ended: by a revocation of its own, or because the
 * account's epoch is beyond the session's and the change that raised it did not leave this session out.
 *
 * @param epoch SQL for the epoch of the account; NULL when there is none that a session could go on in
 */
const endedWhere = (epoch: string) => `(
  coalesce($3::integer < ${epoch} AND NOT EXISTS (
    SELECT FROM revocation
     WHERE kind = 'account' AND subject = $2::text AND epoch = ${epoch} AND except_session = $1::text), true)
  OR EXISTS (SELECT FROM revocation WHERE kind = 'session' AND subject = $1::text)
  OR EXISTS (
    SELECT FROM revocation
     WHERE kind = 'account' AND subject = $2::text AND epoch > $3::integer AND except_session IS DISTINCT FROM $1::text))`;
const ENDED_IN_EPOCH = endedWhere('$4::integer');
const ENDED_NOW = endedWhere(`(SELECT epoch FROM account WHERE id = $2::text::uuid AND status = 'active')`);

/** Whether the session has ended, with the epoch that the account has now; also when its account may not sign in. */
export function ended({ id, userId, epoch }: SessionOfAccount): Condition {
  return { sql: ENDED_NOW, parameters: [id, userId, epoch] };
}

/** The same, when the account has this epoch. */
export function endedInEpoch({ id, userId, epoch }: SessionOfAccount, accountEpoch: number): Condition {
  return { sql: ENDED_IN_EPOCH, parameters: [id, userId, epoch, accountEpoch] };
}
