import { type KillablePostgres, startKillablePostgres } from '../../tools/testing/killable-postgres.mjs';
import { Door } from '../support/door.js';
import { freshDatabase } from '../support/postgres.js';

/** Where the caller gave a PostgreSQL, because this machine may have none, it is cut off in place of being stopped. */
export async function startPostgres(): Promise<KillablePostgres> {
  if (!(process.env['GATEHOUSE_TEST_GIVEN'] ?? '').split(',').includes('postgres'))
    return startKillablePostgres();
  const database = await freshDatabase('stopped');
  const door = await new Door(new URL(database.url)).open();
  return {
    url: door.url,
    start: async () => void (await door.open()),
    stop: () => door.close(),
    remove: async () => {
      await door.close();
      await database.drop();
    },
  };
}
