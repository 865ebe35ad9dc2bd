import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { ServiceSecret } from './service-secret.entity.js';

/** A secret that is accepted, and its account as of `decidedAt`. */
export interface LiveSecret {
  id: string;
  hash: Buffer;
  /** Whether it is noted that it is in use. */
  isNoted: boolean;
  account: { id: string; permissions: string[]; epoch: number };
  /** By the clock of PostgreSQL, milliseconds since 1970. */
  decidedAt: number;
}

interface LiveRow {
  id: string;
  hash: Buffer;
  noted: boolean;
  account: string;
  permissions: string[];
  epoch: number;
  now: Date;
}

@Injectable()
export class ServiceSecretRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The secrets of an account, and the account, in one statement: what is decided by them is decided as of one moment.
   *
   * @param seconds for which a use stays noted
   */
  async live(accountId: string, seconds: number): Promise<LiveSecret[]> {
    const rows: LiveRow[] = await this.dataSource.query(
      `SELECT secret.id, secret.hash, account.id AS account, account.permissions, account.epoch, now() AS now,
              coalesce(secret.last_used_at > now() - make_interval(secs => $2), false) AS noted
       FROM service_account account JOIN service_secret secret ON secret.account_id = account.id
       WHERE account.id = $1`,
      [accountId, seconds],
    );
    return rows.map(({ id, hash, noted, account, permissions, epoch, now }) => ({
      ...{ id, hash, isNoted: noted, decidedAt: now.getTime() },
      account: { id: account, permissions, epoch },
    }));
  }

  /** @param hash with the newest key */
  async noteUse(id: string, hash: Buffer): Promise<void> {
    await this.dataSource.query(`UPDATE service_secret SET last_used_at = now(), hash = $2 WHERE id = $1`, [
      id,
      hash,
    ]);
  }

  /** The oldest first. */
  of(
    accountIds: readonly string[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ServiceSecret[]> {
    return manager.find(ServiceSecret, { where: { accountId: In(accountIds) }, order: { number: 'ASC' } });
  }

  async insert(manager: EntityManager, secret: ServiceSecret): Promise<void> {
    await manager.insert(ServiceSecret, secret);
  }

  async remove(manager: EntityManager, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await manager.delete(ServiceSecret, { id: In(ids) });
  }
}
