import { accessTable, documentedAccess } from '../../../../test/support/access-table.js';
import { AuthWorld } from './auth-world.js';

it('auth-service asks on every route and message what docs/permissions.md says', async () => {
  const world = new AuthWorld();
  try {
    expect(accessTable(await world.start())).toEqual(documentedAccess('auth-service'));
  } finally {
    await world.stop();
  }
}, 30_000);
