// What a business transaction pays for the event that it tells.
import { CreateOutbox1700000000000, Outbox, OutboxMessage } from '@gatehouse/outbox';
import { OutboxJournal, SecurityAudit } from '@gatehouse/audit-client';
import { DataSource } from 'typeorm';
import { answer, options } from '../answers.mjs';

const dataSource = await new DataSource({
  ...{ type: 'postgres', url: options.database, entities: [OutboxMessage], installExtensions: false },
  ...{ migrations: [CreateOutbox1700000000000], migrationsRun: true },
}).initialize();
await dataSource.query('CREATE TABLE business (id bigserial PRIMARY KEY, what text NOT NULL)');
const outbox = new Outbox();
const audit = new SecurityAudit({ producer: 'bench' }, new OutboxJournal(outbox, dataSource), outbox);
const entry = {
  ...{ action: 'business.done', outcome: 'success', actor: { type: 'user', id: 'user-1' } },
  ...{ target: { type: 'business', id: '1' }, context: { ip: '203.0.113.7', requestId: 'r' } },
};

answer({
  /** Microseconds for each of so many transactions, one after the other. */
  async transact({ count, tells }) {
    const begun = process.hrtime.bigint();
    for (let n = 0; n < count; n++)
      await dataSource.transaction(async (manager) => {
        await manager.query('INSERT INTO business (what) VALUES ($1)', ['done']);
        if (tells) await audit.enlist(manager).logAdminEvent(entry);
      });
    return Number(process.hrtime.bigint() - begun) / 1_000 / count;
  },
});
