import type { AuditRecord } from '@gatehouse/audit-contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { SubjectKeyVault } from '../../src/subject-keys/subject-key.vault.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';

const PLANTED = [
  'planted@example.test',
  'Planted Person',
  '198.51.100.77',
  'Planted-Agent/1.0',
  'planted-unknown',
];

/** Every value of every table of a database, as text. */
async function dumpOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    let dump = '';
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
      dump += rows.map(({ row }) => row).join('\n');
    }
    // Bytes are written as hexadecimal digits: what they say in clear is looked for too.
    const bytes = [...dump.matchAll(/\\x([\da-f]+)/g)].map(([, hex]) =>
      Buffer.from(hex ?? '', 'hex').toString('latin1'),
    );
    return dump + bytes.join('\n');
  } finally {
    await client.end();
  }
}

describe('what is personal', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let writer: AuditApi;
  let reader: AuditApi;

  const event = anEvent({
    actor: { type: 'user', id: 'planted-id', name: 'Planted Person' },
    target: { type: 'user', id: 'other-id', name: 'Planted Person' },
    context: { service: 'auth-service', ip: '198.51.100.77', userAgent: 'Planted-Agent/1.0' },
    details: { kind: 'open', personal: { email: 'planted@example.test' } },
  });

  beforeAll(async () => {
    app = await world.start();
    writer = new AuditApi(app, world.writer);
    reader = new AuditApi(app, world.reader);
    await writer.append({ ...event, unknownField: 'planted-unknown' }, { ...event, actor: 'Planted Person' });
  });

  afterAll(() => world.stop());

  const find = async (): Promise<AuditRecord> =>
    (await reader.search('?actorId=planted-id')).items[0] as AuditRecord;

  it('is read in clear by those who may read', async () => {
    expect(await find()).toMatchObject({
      actor: { name: 'Planted Person' },
      target: { name: 'Planted Person' },
      context: { ip: '198.51.100.77', userAgent: 'Planted-Agent/1.0' },
      details: {
        kind: 'open',
        personal: { email: 'planted@example.test' },
        unmapped: { unknownField: 'planted-unknown' },
      },
    });
  });

  it('is nowhere in clear in the databases, the quarantine and what was searched for among it', async () => {
    expect((await reader.search('?ip=198.51.100.77')).items).toMatchObject([{ id: event.id }]);
    const [searched] = (await reader.search('?action=audit.search&limit=1')).items;
    expect(searched?.details).toMatchObject({
      filters: { ip: '198.51.100.0/24' },
      personal: { ip: '198.51.100.77' },
    });
    for (const { url } of [world.database, world.keysDatabase]) {
      const dump = await dumpOf(url);
      expect(dump.length).toBeGreaterThan(100);
      for (const planted of PLANTED) expect(dump).not.toContain(planted);
    }
  });

  it('cannot be read any more once its key is destroyed, while the event stays where it is', async () => {
    const before = await find();
    await app.get(SubjectKeyVault).destroy('user:planted-id');
    const after = await find();
    expect(after).toMatchObject({ erased: ['actor'], seq: before.seq, leafHash: before.leafHash });
    expect(after.actor).toEqual({ type: 'user', id: 'planted-id' });
    expect(after.context).toEqual({ service: 'auth-service' });
    expect(after.details).toEqual({ kind: 'open' });
    expect(after.target).toMatchObject({ name: 'Planted Person' });
  });

  it('that is sent again after that is acknowledged at its place, since nobody can compare it', async () => {
    const { seq } = await find();
    expect(await writer.append({ ...event, unknownField: 'planted-unknown' })).toMatchObject([{ seq }]);
    expect(await writer.append({ ...event, outcome: 'failure' })).toMatchObject([{ seq }]);
  });
});
