import { randomBytes } from 'node:crypto';
import { type DatabaseConnection, migrateDatabase, openDatabase } from '@gatehouse/database';
import pg from 'pg';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { auditDatabase } from '../../src/audit.database.js';
import type { AuditEnvironment } from '../../src/audit.environment.js';
import { LOG_ROLE } from '../../src/migrations/create-role.migration.js';

describe('the role that audit-service works as', () => {
  let database: FreshDatabase;
  let server: pg.Client;
  let user: string;
  let connection: DatabaseConnection | undefined;

  /** Whom an operator gives the service, and what it then works as. */
  async function workAs(attributes: string): Promise<DatabaseConnection> {
    await server.query(`CREATE ROLE ${user} LOGIN PASSWORD 'x' ${attributes}`);
    await server.query(`ALTER SCHEMA public OWNER TO ${user}`);
    await server.query(`GRANT CREATE ON DATABASE ${database.name} TO ${user}`);
    const url = new URL(database.url);
    [url.username, url.password] = [user, 'x'];
    const options = auditDatabase({ databaseUrl: url.href } as AuditEnvironment);
    await migrateDatabase(options);
    connection = openDatabase(options);
    await connection.onModuleInit();
    await connection.whenReady();
    return connection;
  }
  const roleOf = async ({ source }: DatabaseConnection) =>
    (await source.query<[{ role: string }]>('SELECT current_user AS role'))[0].role;

  beforeEach(async () => {
    user = `audit_${randomBytes(6).toString('hex')}`;
    database = await freshDatabase('log_role');
    server = new pg.Client({ connectionString: database.url });
    await server.connect();
    // As after the first service of a server.
    await migrateDatabase(auditDatabase({ databaseUrl: database.url } as AuditEnvironment));
    await server.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  });

  afterEach(async () => {
    await connection?.onApplicationShutdown();
    await server.query(`REVOKE ${LOG_ROLE} FROM ${user}`);
    await server.query(`DROP OWNED BY ${user} CASCADE`);
    await server.query(`DROP ROLE ${user}`);
    await server.end();
    await database.drop();
  });

  it('is the one that may only add, where the user may take it', async () => {
    const audit = await workAs(`IN ROLE ${LOG_ROLE}`);
    expect(await roleOf(audit)).toBe(LOG_ROLE);
    await expect(audit.source.query('DELETE FROM event')).rejects.toThrow('permission denied');
    await expect(audit.source.query('SELECT count(*) FROM event')).resolves.toEqual([{ count: '0' }]);
  });

  it('is the user, who meets the triggers, where that may neither make roles nor take one', async () => {
    const audit = await workAs('');
    expect(await roleOf(audit)).toBe(user);
    await expect(audit.source.query('DELETE FROM event')).rejects.toThrow('append-only');
  });
});
