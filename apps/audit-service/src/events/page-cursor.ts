/** Where a page ended: the `seq` of its last event, and the order in which it was read. */
export interface PageCursor {
  readonly order: 'asc' | 'desc';
  readonly seq: number;
}

/** Opaque to clients. */
export function writeCursor({ order, seq }: PageCursor): string {
  return Buffer.from(`${order}:${seq}`).toString('base64url');
}

/** @returns undefined when it is none that `writeCursor` made */
export function readCursor(cursor: string): PageCursor | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, order, digits] = /^(asc|desc):(\d{1,15})$/.exec(text) ?? [];
  if ((order !== 'asc' && order !== 'desc') || digits === undefined) return undefined;
  const found = { order, seq: Number(digits) } as const;
  return writeCursor(found) === cursor ? found : undefined;
}
