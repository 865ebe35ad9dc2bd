import type { StatementCondition } from '@gatehouse/database';

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

/** The channel on which a replica that does not relay wakes the one that does. */
export const OUTBOX_CHANNEL = 'gatehouse_outbox';

const ADD = 'INSERT INTO outbox_message (id, topic, payload) VALUES ($1, $2, $3)';

/** Where a business transaction leaves what must be told elsewhere if, and only if, it commits. */
export class Outbox {
  /** @param bell wakes the relay; without it the relay finds the message when it looks the next time */
  constructor(private readonly bell?: { ringFor(executor: TransactionalExecutor): void }) {}

  /**
   * Adds a message in the transaction of `manager`; the relay ships it after the commit, as often as it takes.
   *
   * @throws what the driver throws; the caller's transaction is then to be rolled back
   */
  async add(manager: TransactionalExecutor, message: NewOutboxMessage): Promise<void> {
    await manager.query(ADD, [message.id, message.topic, message.payload]);
    this.bell?.ringFor(manager);
  }

  /**
   * The same in one statement with the question whether there is anything to tell.
   *
   * @returns whether the message was added: false when `condition` holds
   */
  async addUnless(
    manager: TransactionalExecutor,
    { sql, parameters }: StatementCondition,
    { id, topic, payload }: NewOutboxMessage,
  ): Promise<boolean> {
    const [first, second, third] = [1, 2, 3].map((place) => `$${parameters.length + place}`);
    const rows = await manager.query(
      `INSERT INTO outbox_message (id, topic, payload)
       SELECT ${first}::uuid, ${second}::text, ${third}::text WHERE NOT (${sql}) RETURNING id`,
      [...parameters, id, topic, payload],
    );
    const isAdded = Array.isArray(rows) && rows.length === 1;
    if (isAdded) this.bell?.ringFor(manager);
    return isAdded;
  }
}
