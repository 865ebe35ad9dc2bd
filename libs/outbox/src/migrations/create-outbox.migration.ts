import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the outbox, for the list of migrations of each service that has one. */
export class CreateOutbox1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox_message (
        id uuid PRIMARY KEY,
        topic text NOT NULL,
        payload text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        producer_seq bigint
      )`);
    await runner.query(`
      CREATE INDEX outbox_message_unnumbered ON outbox_message (topic, created_at, id)
        WHERE producer_seq IS NULL`);
    await runner.query(`
      CREATE UNIQUE INDEX outbox_message_numbered ON outbox_message (topic, producer_seq)
        WHERE producer_seq IS NOT NULL`);
    // A counter in a row, not a sequence: its steps are rolled back with the transaction that took them.
    await runner.query(`
      CREATE TABLE outbox_counter (topic text PRIMARY KEY, next_seq bigint NOT NULL)`);
    await runner.query(`
      CREATE TABLE outbox_rejected (
        id uuid PRIMARY KEY,
        topic text NOT NULL,
        payload text NOT NULL,
        created_at timestamptz NOT NULL,
        producer_seq bigint NOT NULL,
        reason text NOT NULL,
        rejected_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_rejected, outbox_counter, outbox_message');
  }
}
