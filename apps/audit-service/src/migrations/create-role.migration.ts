import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What audit-service works as once the database is migrated. */
export const LOG_ROLE = 'gatehouse_audit_log';

/** One who may not make roles goes on without it, as docs/operations.md says. */
const CREATE_ROLE = `DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${LOG_ROLE}') THEN CREATE ROLE ${LOG_ROLE} NOLOGIN; END IF;
    IF NOT pg_has_role('${LOG_ROLE}', 'MEMBER') THEN GRANT ${LOG_ROLE} TO CURRENT_USER; END IF;
  EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN RAISE NOTICE 'this user may not make roles';
  END $$`;

const RIGHTS = [
  `GRANT USAGE ON SCHEMA public TO ${LOG_ROLE}`,
  // Tables that are made later, the months among them, can be read and added to; what needs more is granted it.
  `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO ${LOG_ROLE}`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${LOG_ROLE}`,
  `REVOKE ALL ON migrations FROM ${LOG_ROLE}`,
  `REVOKE INSERT, DELETE ON log_head FROM ${LOG_ROLE}`,
  `REVOKE DELETE ON checkpoint, quarantine FROM ${LOG_ROLE}`,
  `REVOKE UPDATE, DELETE ON tile_part FROM ${LOG_ROLE}`,
  `DO $$ DECLARE log regclass; BEGIN
     FOR log IN SELECT relid FROM pg_partition_tree('event') LOOP
       EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM ${LOG_ROLE}', log);
     END LOOP;
   END $$`,
];

/** The role that owns nothing and may add to the log, not change it: the first wall, before the triggers. */
export class CreateRole1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_ROLE);
    if (await this.exists(runner)) for (const statement of RIGHTS) await runner.query(statement);
  }

  /** The role is the server's, and other databases may have it too. */
  async down(runner: QueryRunner): Promise<void> {
    if (await this.exists(runner)) await runner.query(`DROP OWNED BY ${LOG_ROLE}`);
  }

  private async exists(runner: QueryRunner): Promise<boolean> {
    const found = await runner.manager.query<object[]>('SELECT FROM pg_roles WHERE rolname = $1', [LOG_ROLE]);
    return found.length > 0;
  }
}
