import { accessTable, documentedAccess } from '../../../../test/support/access-table.js';
import { AuditWorld } from './audit-fixture.js';

it('audit-service asks on every route and message what docs/permissions.md says', async () => {
  const world = new AuditWorld();
  try {
    expect(accessTable(await world.start())).toEqual(documentedAccess('audit-service'));
  } finally {
    await world.stop();
  }
}, 30_000);
