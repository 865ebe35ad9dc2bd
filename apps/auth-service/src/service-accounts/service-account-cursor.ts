import { ServiceAccountId } from '@gatehouse/auth-contracts';
import { ValidationFailedError } from '@gatehouse/problem-details';

/** Where a page of service accounts ended, opaque to clients: the id of its last one. */
export const writeServiceAccountCursor = (id: string): string =>
  Buffer.from(`service-account:${id}`).toString('base64url');

/** @throws ValidationFailedError when it is none that `writeServiceAccountCursor` made */
export function readServiceAccountCursor(cursor: string): string {
  const [, id = ''] = Buffer.from(cursor, 'base64url').toString('latin1').split(':', 2);
  if (!ServiceAccountId.safeParse(id).success || writeServiceAccountCursor(id) !== cursor) {
    throw new ValidationFailedError([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return id;
}
