import { Injectable } from '@nestjs/common';
import { queryPrepared, type StatementCondition } from '@gatehouse/database';
import { DataSource, type EntityManager, IsNull, MoreThan, Raw } from 'typeorm';
import { ended, endedInEpoch, type SessionOfAccount } from './ended-session.js';
import { RevocationEntity } from './revocation.entity.js';

export type UndatedRevocation = Omit<RevocationEntity, 'createdAt' | 'expiresAt' | 'settledAt'>;

interface Dates {
  id: string;
  created_at: Date;
  expires_at: Date;
}

/** Of any number of rows: this is on the way of each sign-out, where TypeORM's own takes longer than PostgreSQL. */
const INSERT = `
  INSERT INTO revocation (id, kind, subject, account_id, epoch, except_session, created_at, expires_at)
  SELECT row.*, clock_timestamp(), clock_timestamp() + make_interval(secs => $7)
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::integer[], $6::text[]) AS row
  RETURNING id, created_at, expires_at`;

/** Whoever notes another Redis waits for this, or this for them. */
const SETTLE = `
  WITH same AS (SELECT FROM redis_incarnation WHERE name = $2 FOR SHARE)
  UPDATE revocation SET "settled_at" = now() FROM same WHERE id = ANY ($1::uuid[])`;

const ago = (ms: number): string => `now() - make_interval(secs => ${ms / 1000})`;
const LATER_THAN_NOW = Raw((column) => `${column} > now()`);

/** Revocations, by the clock of PostgreSQL alone: that of a replica may be wrong. */
@Injectable()
export class RevocationRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @param lifetimeMs how long they are in force. @returns them, dated */
  async insert(
    manager: EntityManager,
    revocations: readonly UndatedRevocation[],
    lifetimeMs: number,
  ): Promise<RevocationEntity[]> {
    const column = <Name extends keyof UndatedRevocation>(name: Name) => revocations.map((row) => row[name]);
    const rows = await queryPrepared<Dates>(manager, INSERT, [
      ...[column('id'), column('kind'), column('subject'), column('accountId')],
      ...[column('epoch'), column('exceptSession'), lifetimeMs / 1000],
    ]);
    const dates = new Map(rows.map((row) => [row.id, row]));
    return revocations.map((revocation) => {
      const { created_at: createdAt, expires_at: expiresAt } = dates.get(revocation.id) as Dates;
      return { ...revocation, createdAt, expiresAt, settledAt: null };
    });
  }

  /** @param after id of the last one of the page before */
  inForce(after: string | undefined, most: number): Promise<RevocationEntity[]> {
    const where = { expiresAt: LATER_THAN_NOW, ...(after === undefined ? {} : { id: MoreThan(after) }) };
    return this.rows.find({ where, order: { id: 'ASC' }, take: most });
  }

  /** Those whose consequences are not done, the oldest first. */
  unsettled(olderThanMs: number, most: number): Promise<RevocationEntity[]> {
    const where = { settledAt: IsNull(), createdAt: Raw((column) => `${column} < ${ago(olderThanMs)}`) };
    return this.rows.find({ where, order: { id: 'ASC' }, take: most });
  }

  /**
   * Notes that their consequences are done, unless another Redis has been noted meanwhile: it may know nothing of them.
   *
   * @param incarnation of the Redis that they were done on, as far as it was known before
   */
  async settle(ids: readonly string[], incarnation: string): Promise<void> {
    await this.dataSource.query(SETTLE, [ids, incarnation]);
  }

  /** Whether the session has ended, whatever Redis says of it, when the account has this epoch. */
  async hasEnded(manager: EntityManager, session: SessionOfAccount, accountEpoch: number): Promise<boolean> {
    const { sql, parameters } = endedInEpoch(session, accountEpoch);
    const [row]: { ended: boolean }[] = await manager.query(`SELECT ${sql} AS ended`, parameters);
    return row?.ended === true;
  }

  /** The same as a condition, with the epoch that the account has when it is asked. */
  ended(session: SessionOfAccount): StatementCondition {
    return ended(session);
  }

  hasSession(manager: EntityManager, subject: string): Promise<boolean> {
    return manager.existsBy(RevocationEntity, { kind: 'session', subject });
  }

  /**
   * Notes which Redis there is. Where it is another one than before, it may have lost what was done on it: the
   * consequences of every revocation in force are to be done again.
   *
   * @param incarnation tells a Redis from itself after a restart
   */
  async noteRedis(incarnation: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const changed: unknown = await manager.query(
        `INSERT INTO redis_incarnation (one, name) VALUES (true, $1)
         ON CONFLICT (one) DO UPDATE SET name = $1 WHERE redis_incarnation.name <> $1 RETURNING name`,
        [incarnation],
      );
      if (Array.isArray(changed) && changed.length > 0) {
        await manager.update(RevocationEntity, { expiresAt: LATER_THAN_NOW }, { settledAt: null });
      }
    });
  }

  /** Removes what is settled and over, so many at most. @returns how many there were */
  async removeExpired(keptMs: number, most: number): Promise<number> {
    const removed: unknown = await this.dataSource.query(
      `DELETE FROM revocation WHERE id IN (
         SELECT id FROM revocation WHERE expires_at < ${ago(keptMs)} AND settled_at IS NOT NULL
         LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING id`,
      [most],
    );
    // TypeORM answers a DELETE with the rows and their count.
    return Array.isArray(removed) ? Number(removed[1]) : 0;
  }

  private get rows() {
    return this.dataSource.getRepository(RevocationEntity);
  }
}
