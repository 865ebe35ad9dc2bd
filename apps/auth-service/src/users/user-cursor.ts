import { ValidationFailedError } from '@gatehouse/problem-details';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a page of users ended, opaque to clients: the id of its last one. */
export const writeUserCursor = (id: string): string => Buffer.from(`user:${id}`).toString('base64url');

/** @throws ValidationFailedError when it is none that `writeUserCursor` made */
export function readUserCursor(cursor: string): string {
  const [, id = ''] = Buffer.from(cursor, 'base64url').toString('latin1').split(':', 2);
  if (!UUID.test(id) || writeUserCursor(id) !== cursor) {
    throw new ValidationFailedError([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return id;
}
