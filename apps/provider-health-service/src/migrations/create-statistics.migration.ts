import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStatistics1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A row is written anew for as long as its part lasts: room on the page lets that happen in place.
    await runner.query(`
      CREATE TABLE rollup (
        provider text NOT NULL COLLATE "C" REFERENCES provider (name) ON DELETE CASCADE,
        grain text NOT NULL COLLATE "C" CHECK (grain IN ('minute', 'hour', 'day')),
        at timestamptz NOT NULL,
        successes bigint NOT NULL,
        failures jsonb NOT NULL,
        response_times bytea NOT NULL,
        PRIMARY KEY (provider, grain, at)
      ) WITH (fillfactor = 60)`);
    await runner.query(`CREATE INDEX rollup_age ON rollup (grain, at)`);
    await runner.query(`
      CREATE TABLE counted_batch (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        added_from bigint NOT NULL,
        added_until bigint NOT NULL,
        fingerprints bytea NOT NULL,
        counted_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX counted_batch_added ON counted_batch (added_until)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE counted_batch, rollup`);
  }
}
