import { ValidationFailedError } from '@gatehouse/problem-details';

/** Where a page ended, opaque to clients: the key of its last item. */
export const writeListCursor = (key: string | number): string =>
  Buffer.from(`k:${key}`).toString('base64url');

/** @throws ValidationFailedError when it is none that `writeListCursor` made */
export function readListCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const key = text.startsWith('k:') ? text.slice(2) : '';
  if (key === '' || writeListCursor(key) !== cursor) {
    throw new ValidationFailedError([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return key;
}
