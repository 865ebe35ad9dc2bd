import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Account } from './account.entity.js';

/** The columns of an account. Each login asks twice: put together by TypeORM such a query takes as long as all of its answer. */
const SELECT = `SELECT id, email, display_name AS "displayName", role, status, password_hash AS "passwordHash", epoch,
    device_epoch AS "deviceEpoch", created_at AS "createdAt" FROM account`;

@Injectable()
export class AccountRepository {
  constructor(private readonly dataSource: DataSource) {}

  async findByEmail(email: string): Promise<Account | null> {
    const rows: Account[] = await this.dataSource.query(`${SELECT} WHERE email = $1`, [email]);
    return rows[0] ?? null;
  }

  findById(id: string): Promise<Account | null> {
    return this.dataSource.getRepository(Account).findOneBy({ id });
  }

  /**
   * The account, when it may sign in; it does not change until the transaction ends.
   */
  async findActiveForShare(manager: EntityManager, id: string): Promise<Account | null> {
    const rows: Account[] = await manager.query(`${SELECT} WHERE id = $1 AND status = 'active' FOR SHARE`, [
      id,
    ]);
    return rows[0] ?? null;
  }

  /** The account; it neither changes nor signs in until the transaction ends. */
  lock(manager: EntityManager, id: string): Promise<Account | null> {
    return manager.getRepository(Account).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The account and every admin, locked in one order so that two who lock them never wait for each other. */
  lockWithAdmins(manager: EntityManager, id: string): Promise<Account[]> {
    return manager
      .getRepository(Account)
      .createQueryBuilder('account')
      .where(`account.role = 'admin' OR account.id = :id`, { id })
      .orderBy('account.id', 'ASC')
      .setLock('pessimistic_write')
      .getMany();
  }

  async update(
    manager: EntityManager,
    id: string,
    changes: Partial<Pick<Account, 'displayName' | 'role' | 'status'>>,
  ): Promise<void> {
    await manager.update(Account, { id }, changes);
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.delete(Account, { id });
  }

  /** In the order in which they were made, after `after`. */
  list(of: {
    after?: string;
    email?: string;
    role?: string;
    status?: string;
    limit: number;
  }): Promise<Account[]> {
    const { after, email, role, status, limit } = of;
    const query = this.dataSource.getRepository(Account).createQueryBuilder('account');
    if (after !== undefined) query.andWhere('account.id > :after', { after });
    if (email !== undefined) query.andWhere('account.email = :email', { email });
    if (role !== undefined) query.andWhere('account.role = :role', { role });
    if (status !== undefined) query.andWhere('account.status = :status', { status });
    return query.orderBy('account.id', 'ASC').limit(limit).getMany();
  }

  hasRole(manager: EntityManager, role: string): Promise<boolean> {
    return manager.existsBy(Account, { role });
  }

  /** @returns the new epoch; undefined when there is no such account */
  async raiseEpoch(manager: EntityManager, id: string): Promise<number | undefined> {
    const [rows]: [{ epoch: number }[]] = await manager.query(
      `UPDATE account SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch`,
      [id],
    );
    return rows[0]?.epoch;
  }

  async raiseDeviceEpoch(manager: EntityManager, id: string): Promise<void> {
    await manager.increment(Account, { id }, 'deviceEpoch', 1);
  }

  /** Unless the hash has changed meanwhile. */
  async replacePasswordHash(id: string, expected: string, replacement: string): Promise<void> {
    await this.dataSource
      .getRepository(Account)
      .update({ id, passwordHash: expected }, { passwordHash: replacement });
  }

  /** One statement: of any number of registrations of one email exactly one makes an account. @returns whether it did */
  async insertUnlessTaken(manager: EntityManager, account: Account): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(Account)
      .values(account)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  /** Whether there was ever an admin, also one that has been deleted since. Locks out others who ask in a transaction. */
  async claimFirstAdmin(manager: EntityManager): Promise<boolean> {
    const rows: unknown = await manager.query(
      `INSERT INTO first_admin (made) VALUES (true) ON CONFLICT DO NOTHING RETURNING made`,
    );
    return Array.isArray(rows) && rows.length === 1;
  }
}
