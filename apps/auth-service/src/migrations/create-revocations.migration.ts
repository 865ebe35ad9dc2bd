import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRevocations1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revocation (
        id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('session', 'token', 'account', 'api-key')),
        subject text NOT NULL,
        account_id uuid,
        epoch integer,
        except_session text,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        settled_at timestamptz,
        CHECK ((kind = 'account') = (epoch IS NOT NULL))
      )`);
    await runner.query(`CREATE INDEX revocation_subject ON revocation (subject, kind)`);
    await runner.query(`CREATE INDEX revocation_unsettled ON revocation (id) WHERE settled_at IS NULL`);
    await runner.query(`CREATE INDEX revocation_expiry ON revocation (expires_at)`);
    // Which Redis the consequences were done on: another one may have lost them.
    await runner.query(
      `CREATE TABLE redis_incarnation (one boolean PRIMARY KEY CHECK (one), name text NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE redis_incarnation, revocation`);
  }
}
