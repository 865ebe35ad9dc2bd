import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateWebhooks1764610000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhook (
        id uuid PRIMARY KEY,
        url text NOT NULL,
        description text NOT NULL,
        enabled boolean NOT NULL,
        disabled_by text CHECK (disabled_by IN ('operator', 'receiver')),
        events text[] NOT NULL,
        providers text[] NOT NULL,
        tags text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CHECK (enabled = (disabled_by IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE webhook_secret (
        id uuid PRIMARY KEY,
        webhook uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
        sealed text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz
      )`);
    await runner.query(`CREATE INDEX webhook_secret_webhook ON webhook_secret (webhook)`);
    // A row is written anew with each attempt: room on the page lets that happen in place.
    await runner.query(`
      CREATE TABLE webhook_delivery (
        id uuid PRIMARY KEY,
        webhook uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
        event text NOT NULL,
        payload text NOT NULL,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        tries integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        leased boolean NOT NULL DEFAULT false,
        last_status integer,
        last_reason text,
        last_attempt_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      ) WITH (fillfactor = 80)`);
    await runner.query(
      `CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, due_at) WHERE status = 'pending'`,
    );
    await runner.query(`CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook, id)`);
    await runner.query(`CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE webhook_delivery, webhook_secret, webhook`);
  }
}
