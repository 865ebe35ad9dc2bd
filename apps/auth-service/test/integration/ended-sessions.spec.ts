import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { RevocationManager } from '../../src/revocations/revocation.manager.js';
import { AuthWorld } from './auth-world.js';

/** What PostgreSQL knows of revocations: kind, epoch, and whether the session was left out. */
type Row = ['session'] | ['account', epoch: number, leftOut?: boolean];

describe('what PostgreSQL says of a session of epoch 1', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await world.start();
  });

  afterAll(() => world.stop(), 30_000);

  it.each<[string, boolean, { epoch?: number; status?: string; rows?: Row[] }]>([
    ['goes on', false, { epoch: 1 }],
    ['has ended with a revocation of its own', true, { epoch: 1, rows: [['session']] }],
    ['has ended with a later epoch, also when its revocation is gone', true, { epoch: 2 }],
    ['has ended with a later epoch', true, { epoch: 2, rows: [['account', 2]] }],
    ['goes on when that left it out', false, { epoch: 2, rows: [['account', 2, true]] }],
    ['has ended when only an earlier one left it out', true, { epoch: 3, rows: [['account', 2, true]] }],
    [
      'has ended when a later one did not leave it out',
      true,
      {
        epoch: 3,
        rows: [
          ['account', 2, true],
          ['account', 3],
        ],
      },
    ],
    [
      'has ended when it was left out after it had ended',
      true,
      {
        epoch: 3,
        rows: [
          ['account', 2],
          ['account', 3, true],
        ],
      },
    ],
    ['goes on after the end of earlier epochs', false, { epoch: 1, rows: [['account', 1]] }],
    ['goes on in an account whose epoch is behind', false, { epoch: 0 }],
    ['has ended with a disabled account', true, { epoch: 1, status: 'disabled' }],
    ['has ended with its account', true, {}],
  ])('it %s', async (_case, ended, { epoch, status = 'active', rows = [] }) => {
    const [dataSource, revocations] = [app.get(DataSource), app.get(RevocationManager, { strict: false })];
    const session = { id: uuidv7(), userId: uuidv7(), epoch: 1 };
    if (epoch !== undefined) {
      await dataSource.query(
        `INSERT INTO account (id, email, role, status, password_hash, epoch, created_at)
         VALUES ($1, $2, 'user', $3, '', $4, now())`,
        [session.userId, world.anEmail(), status, epoch],
      );
    }
    for (const [kind, ofEpoch, leftOut] of rows) {
      await dataSource.query(
        `INSERT INTO revocation (id, kind, subject, account_id, epoch, except_session, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, now(), now())`,
        [
          ...[uuidv7(), kind, kind === 'session' ? session.id : session.userId, session.userId],
          ...[ofEpoch ?? null, leftOut === true ? session.id : null],
        ],
      );
    }
    const { sql, parameters } = revocations.ended(session);
    expect(await dataSource.query(`SELECT ${sql} AS ended`, parameters)).toEqual([{ ended }]);
    // For a transaction that knows the account's epoch, and has seen to its status.
    if (epoch === undefined || status !== 'active') return;
    const asked = dataSource.transaction((manager) => revocations.hasEnded(manager, session, epoch));
    expect(await asked).toBe(ended);
  });
});
