import type { Client } from 'pg';
import type { OutboxDelivery, OutboxVerdict } from './outbox-destination.js';
import type { ShippingStore } from './shipment.js';

const NUMBERED_AT_ONCE = 1_000;

/** "gate", and the number of this lock. */
const RELAY_LOCK = [0x67617465, 2];

/**
 * The outbox on the relay's own connection. Numbers are right whoever else is at work: the counter's row is locked
 * from reading it to the commit.
 */
export class OutboxStore implements ShippingStore {
  constructor(private readonly client: Client) {}

  /** Becomes the relay of the service until the connection ends. @returns false while another one is */
  async lead(): Promise<boolean> {
    const { rows } = await this.client.query<{ leads: boolean }>(
      'SELECT pg_try_advisory_lock($1, $2) AS leads',
      RELAY_LOCK,
    );
    return rows[0]?.leads === true;
  }

  /**
   * By `producer_seq IS NULL`, not by a cursor: a transaction that commits late is found all the same. In the order in
   * which the transactions began by the clock of PostgreSQL: of two replicas that take turns, the ids may cross.
   */
  async number(topic: string): Promise<number> {
    const { rowCount: waiting } = await this.client.query(
      'SELECT 1 FROM outbox_message WHERE topic = $1 AND producer_seq IS NULL LIMIT 1',
      [topic],
    );
    if (waiting === 0) return 0;
    return this.inTransaction(async () => {
      await this.client.query(
        'INSERT INTO outbox_counter (topic, next_seq) VALUES ($1, 0) ON CONFLICT (topic) DO NOTHING',
        [topic],
      );
      await this.client.query('SELECT 1 FROM outbox_counter WHERE topic = $1 FOR UPDATE', [topic]);
      const { rowCount } = await this.client.query(
        `UPDATE outbox_message AS message
            SET producer_seq = counter.next_seq + fresh.place
           FROM outbox_counter AS counter,
                (SELECT id, row_number() OVER (ORDER BY created_at, id) - 1 AS place
                   FROM (SELECT id, created_at FROM outbox_message
                          WHERE topic = $1 AND producer_seq IS NULL
                          ORDER BY created_at, id LIMIT $2) AS first) AS fresh
          WHERE counter.topic = $1 AND message.id = fresh.id`,
        [topic, NUMBERED_AT_ONCE],
      );
      await this.client.query('UPDATE outbox_counter SET next_seq = next_seq + $2 WHERE topic = $1', [
        topic,
        rowCount ?? 0,
      ]);
      return rowCount ?? 0;
    });
  }

  async read(topic: string, afterSeq: number, limit: number): Promise<OutboxDelivery[]> {
    const { rows } = await this.client.query<{ id: string; payload: string; producer_seq: string }>(
      `SELECT id, payload, producer_seq FROM outbox_message
        WHERE topic = $1 AND producer_seq > $2 ORDER BY producer_seq LIMIT $3`,
      [topic, afterSeq, limit],
    );
    return rows.map(({ id, payload, producer_seq }) => ({ id, payload, producerSeq: Number(producer_seq) }));
  }

  async settle(verdicts: readonly OutboxVerdict[]): Promise<void> {
    const accepted = verdicts.filter((verdict) => verdict.accepted).map(({ id }) => id);
    const refused = verdicts.filter((verdict) => !verdict.accepted);
    if (accepted.length > 0) {
      await this.client.query('DELETE FROM outbox_message WHERE id = ANY($1::uuid[])', [accepted]);
    }
    if (refused.length === 0) return;
    await this.client.query(
      `WITH gone AS (
         DELETE FROM outbox_message AS message
          USING unnest($1::uuid[], $2::text[]) AS refused (id, reason)
          WHERE message.id = refused.id
         RETURNING message.*, refused.reason)
       INSERT INTO outbox_rejected (id, topic, payload, created_at, producer_seq, reason)
       SELECT id, topic, payload, created_at, producer_seq, reason FROM gone`,
      [refused.map(({ id }) => id), refused.map(({ reason }) => reason)],
    );
  }

  private async inTransaction<T>(work: () => Promise<T>): Promise<T> {
    await this.client.query('BEGIN');
    try {
      const result = await work();
      await this.client.query('COMMIT');
      return result;
    } catch (error) {
      await this.client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }
}
