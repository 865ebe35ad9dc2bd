/** What `Outbox.add` needs of TypeORM's `EntityManager`: a query in the caller's transaction. */
export interface TransactionalExecutor {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

export interface NewOutboxMessage {
  /** UUIDv7; what the destination recognises a second delivery by. */
  id: string;
  /** Which destination it is for, e.g. `audit`. */
  topic: string;
  /** Kept byte for byte. */
  payload: string;
}

/** The channel on which a commit wakes the relay. */
export const OUTBOX_CHANNEL = 'gatehouse_outbox';

const ADD = `
  WITH added AS (
    INSERT INTO outbox_message (id, topic, payload) VALUES ($1, $2, $3) RETURNING topic
  )
  SELECT pg_notify('${OUTBOX_CHANNEL}', topic) FROM added`;

/** Where a business transaction leaves what must be told elsewhere if, and only if, it commits. */
export class Outbox {
  /**
   * Adds a message in the transaction of `manager`; the relay ships it after the commit, as often as it takes.
   *
   * @throws what the driver throws; the caller's transaction is then to be rolled back
   */
  async add(manager: TransactionalExecutor, message: NewOutboxMessage): Promise<void> {
    await manager.query(ADD, [message.id, message.topic, message.payload]);
  }
}
