import { ValidationFailedError } from '@gatehouse/problem-details';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `integer` of PostgreSQL. */
const MAX_VERSION = 2_147_483_647;

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

/** Where a page of a provider's past ended: a version. @throws ValidationFailedError when it is none */
export function readVersionCursor(cursor: string): number {
  const version = Number(readListCursor(cursor));
  if (!Number.isInteger(version) || version < 0 || version > MAX_VERSION) {
    throw new ValidationFailedError([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return version;
}

/** Where a page ended that is in the order of ids: a UUID. @throws ValidationFailedError when it is none */
export function readIdCursor(cursor: string): string {
  const id = readListCursor(cursor);
  if (!UUID.test(id)) {
    throw new ValidationFailedError([{ path: 'cursor', message: 'is not a cursor of this list' }]);
  }
  return id;
}
