import { leafHash, MerkleTree } from '@gatehouse/transparency-log';
import { migrateDatabase } from '@gatehouse/database';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { rootOf } from '../../src/log/tree-growth.js';
import { CreateLog1700000000000 } from '../../src/migrations/create-log.migration.js';
import { CreateTree1700000000002 } from '../../src/migrations/create-tree.migration.js';

describe('the tree of a log that is older than it', () => {
  let database: FreshDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await freshDatabase('create_tree');
    source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  });

  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  it('is made of the events that are there', async () => {
    const options = { url: database.url, applicationName: 'test' };
    await migrateDatabase({ ...options, migrations: [CreateLog1700000000000] });
    const leaves = Array.from({ length: 300 }, (_, index) => Buffer.from(`leaf ${index}`));
    await source.query('SELECT ensure_event_month($1)', [new Date().toISOString().slice(0, 7)]);
    await source.query(
      `INSERT INTO event (id, seq, category, action, outcome, actor_type, producer, submitted_by, occurred_at, received_at,
         content_digest, key_id, leaf_hash, leaf)
       SELECT id, place - 1, 'auth', 'auth.login', 'success', 'user', 'x', 'x', now(), now(), '', id, hash, leaf
         FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) WITH ORDINALITY AS new (id, hash, leaf, place)`,
      [leaves.map(() => uuidv7()), leaves.map(leafHash), leaves],
    );
    await source.query('UPDATE log_head SET size = 300');
    await migrateDatabase({ ...options, migrations: [CreateLog1700000000000, CreateTree1700000000002] });
    const [head] = await source.query<[{ edge: Buffer }]>('SELECT edge FROM log_head');
    expect(rootOf({ size: 300, edge: head.edge })).toEqual(new MerkleTree(leaves.map(leafHash)).root());
    const tiles = await source.query<object[]>(
      'SELECT level, index, first, length(hashes) / 32 AS width FROM tile_part',
    );
    expect(tiles).toHaveLength(3);
    expect(tiles).toEqual(
      expect.arrayContaining([
        { level: 0, index: '0', first: 0, width: 256 },
        { level: 0, index: '1', first: 0, width: 44 },
        { level: 1, index: '0', first: 0, width: 1 },
      ]),
    );
  });
});
