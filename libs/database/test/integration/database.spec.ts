import { Test, type TestingModule } from '@nestjs/testing';
import {
  Column,
  DataSource,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { Door } from '../../../../test/support/door.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import {
  ConnectionPool,
  DatabaseConnection,
  DatabaseModule,
  type DatabaseOptions,
  isDatabaseUnavailable,
  migrateDatabase,
} from '../../src/index.js';

@Entity('note')
class Note {
  @PrimaryColumn('integer')
  id!: number;

  @Column('text')
  text!: string;
}

class CreateNote1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE note (id integer PRIMARY KEY, text text NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note');
  }
}

class Broken1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE half (id integer)');
    await runner.query('THIS IS NOT SQL');
  }
  async down(): Promise<void> {}
}

async function start(options: Partial<DatabaseOptions> & { url: string }): Promise<TestingModule> {
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRootAsync({
        useFactory: () => ({
          applicationName: 'database-test',
          entities: [Note],
          migrations: [CreateNote1700000000000],
          ...options,
        }),
      }),
    ],
  }).compile();
  module.useLogger(false);
  return module.init();
}

async function eventually(check: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await check();
    } catch (error) {
      if (attempt >= 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe('DatabaseModule', () => {
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await freshDatabase('database');
  });

  afterEach(async () => {
    await database.drop();
  });

  it('creates a database that is missing, migrates it and connects', async () => {
    await database.drop();
    const module = await start({ url: database.url });
    await module.get(DatabaseConnection).whenReady();
    const notes = module.get(DataSource).getRepository(Note);
    await notes.insert({ id: 1, text: 'kept' });
    expect(await notes.find()).toEqual([{ id: 1, text: 'kept' }]);
    await module.close();
  });

  it('starts without a database, fails queries at once, and is ready when the database comes', async () => {
    const door = new Door(new URL(database.url));
    await door.open();
    await door.close();
    const module = await start({ url: door.url });
    const connection = module.get(DatabaseConnection);
    const notes = module.get(DataSource).getRepository(Note);
    expect(connection.isReady).toBe(false);
    for (const query of [
      () => connection.check(),
      () => notes.find(),
      () => module.get(DataSource).transaction(async (manager) => manager.save(Note, { id: 1, text: 'x' })),
    ]) {
      const error: unknown = await query().catch((caught: unknown) => caught);
      expect(isDatabaseUnavailable(error)).toBe(true);
    }
    await door.open();
    await connection.whenReady();
    expect(await notes.find()).toEqual([]);
    await module.close();
    await door.close();
  });

  it('survives a database that goes away, and uses it again when it is back', async () => {
    const door = new Door(new URL(database.url));
    await door.open();
    const module = await start({ url: door.url });
    await module.get(DatabaseConnection).whenReady();
    const notes = module.get(DataSource).getRepository(Note);
    await notes.insert({ id: 1, text: 'before' });
    await door.close();
    const error: unknown = await notes.find().catch((caught: unknown) => caught);
    expect(isDatabaseUnavailable(error)).toBe(true);
    await door.open();
    await eventually(async () => expect(await notes.count()).toBe(1));
    await module.close();
    await door.close();
  });

  it('fails a statement that takes too long and a query that gets no connection', async () => {
    const module = await start({
      url: database.url,
      poolSize: 1,
      statementTimeoutMs: 300,
      connectTimeoutMs: 100,
    });
    const dataSource = module.get(DataSource);
    const slow = dataSource.query('SELECT pg_sleep(20)').catch((caught: unknown) => caught);
    const starved: unknown = await dataSource.query('SELECT 1').catch((caught: unknown) => caught);
    expect(isDatabaseUnavailable(starved)).toBe(true);
    expect(isDatabaseUnavailable(await slow)).toBe(true);
    await module.close();
  });

  it('stops while it still waits for a database', async () => {
    const module = await start({ url: 'postgres://nobody:nothing@127.0.0.1:1/none' });
    const waiting = module.get(DatabaseConnection).whenReady();
    await module.close();
    await expect(waiting).rejects.toThrow('shutting down');
  });
});

describe('ConnectionPool', () => {
  let database: FreshDatabase;
  let door: Door;
  let module: TestingModule;
  let pool: ConnectionPool;

  beforeEach(async () => {
    database = await freshDatabase('pool');
    door = await new Door(new URL(database.url)).open();
    module = await start({ url: door.url, poolSize: 1, statementTimeoutMs: 500 });
    await module.get(DatabaseConnection).whenReady();
    pool = module.get(ConnectionPool);
  });

  afterEach(async () => {
    await module.close();
    await door.close();
    await database.drop();
  });

  const pidOf = () =>
    pool.use(async (connection) => {
      const [row] = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      return row?.pid;
    });

  it('prepares a statement once, and has each be a transaction of its own', async () => {
    const insert = 'INSERT INTO note (id, text) VALUES ($1, $2)';
    const pid = await pidOf();
    await pool.use(async (connection) => {
      for (const id of [1, 2, 3]) await connection.query(insert, [id, 'x']);
      await expect(connection.query(insert, [3, 'again'])).rejects.toMatchObject({ code: '23505' });
      await connection.query(insert, [4, 'x']);
    });
    await expect(
      pool.use(async (connection) => {
        await connection.query(insert, [5, 'x']);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const prepared = await pool.use((connection) =>
      connection.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM pg_prepared_statements WHERE statement = $1',
        [insert],
      ),
    );
    expect(prepared).toEqual([{ count: 1 }]);
    expect(await module.get(DataSource).getRepository(Note).count()).toBe(5);
    // Neither kind of failure says anything against the connection.
    expect(await pidOf()).toBe(pid);
  });

  it('begins nothing without a database, and goes on when it is back', async () => {
    await pidOf();
    await door.close();
    let begun = 0;
    const work = () => pool.use(async () => ++begun).catch((caught: unknown) => caught);
    // The pool has to hear that its connection has ended.
    await eventually(async () => expect(isDatabaseUnavailable(await work())).toBe(true));
    begun = 0;
    expect(isDatabaseUnavailable(await work())).toBe(true);
    expect(begun).toBe(0);
    await door.open();
    await eventually(async () => expect(await work()).toBe(1));
  });

  it('begins nothing while the database is there and does not answer, and leaves that connection', async () => {
    let begun = 0;
    const held = door.holdAt('in', 'SELECT 1');
    const refused: unknown = await pool.use(async () => ++begun).catch((caught: unknown) => caught);
    await held;
    expect(isDatabaseUnavailable(refused)).toBe(true);
    expect(begun).toBe(0);
    expect(await pool.use(async () => ++begun)).toBe(1);
  }, 20_000);

  it('fails a statement whose connection breaks, and takes another one for the next', async () => {
    const pid = await pidOf();
    const cut = door.cutAt('in', 'SELECT text', { letsPass: true });
    const broken: unknown = await pool
      .use((connection) => connection.query('SELECT text FROM note, pg_sleep(0.1)'))
      .catch((caught: unknown) => caught);
    await cut;
    expect(isDatabaseUnavailable(broken)).toBe(true);
    expect(await pidOf()).not.toBe(pid);
  });
});

describe('migrateDatabase', () => {
  let database: FreshDatabase;

  beforeEach(async () => {
    database = await freshDatabase('migrations');
  });

  afterEach(async () => {
    await database.drop();
  });

  const migrate = (migrations: DatabaseOptions['migrations']) =>
    migrateDatabase({ url: database.url, applicationName: 'database-test', migrations });

  it('runs each migration once, however many processes try', async () => {
    await database.drop();
    const ran = await Promise.all(Array.from({ length: 5 }, () => migrate([CreateNote1700000000000])));
    expect(ran.flat()).toEqual(['CreateNote1700000000000']);
    expect(await migrate([CreateNote1700000000000])).toEqual([]);
  });

  it('leaves nothing of a migration that fails, keeps those before it, and goes on when it is mended', async () => {
    await expect(migrate([CreateNote1700000000000, Broken1700000000001])).rejects.toThrow('syntax error');
    const dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const tables: { note: unknown; half: unknown }[] = await dataSource.query(
      `SELECT to_regclass('note') AS note, to_regclass('half') AS half`,
    );
    await dataSource.destroy();
    expect(tables).toEqual([{ note: 'note', half: null }]);
    expect(await migrate([CreateNote1700000000000])).toEqual([]);
  });
});
