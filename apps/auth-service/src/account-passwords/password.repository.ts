import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface PasswordSet {
  id: string;
  /** The new one. */
  epoch: number;
}

type Updated = [PasswordSet[], number];

/** What sets a password: it raises the epoch and ends an open reset, always all three. */
const SET = `UPDATE account SET password_hash = $1, epoch = epoch + 1,
    password_reset_hash = NULL, password_reset_expires_at = NULL`;

/** The columns of an account that are about its password and its open reset, by the clock of PostgreSQL. */
@Injectable()
export class PasswordRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Sets the password of an account whose current one was checked before. Of two changes by the same current password one
   * is first and it is over for the other: both its hash and its epoch have changed. A password that was only hashed anew
   * keeps the epoch, a logout-all the hash.
   *
   * @returns undefined when the account is not as it was seen
   */
  async change(
    manager: EntityManager,
    seen: { id: string; epoch: number; passwordHash: string },
    passwordHash: string,
  ): Promise<PasswordSet | undefined> {
    const [rows]: Updated = await manager.query(
      `${SET} WHERE id = $2 AND status = 'active' AND (epoch = $3 OR password_hash = $4) RETURNING id, epoch`,
      [passwordHash, seen.id, seen.epoch, seen.passwordHash],
    );
    return rows[0];
  }

  /** Opens a reset in place of the open one. @returns until when it is good; undefined when there is no such account */
  async openReset(
    manager: EntityManager,
    accountId: string,
    hash: Buffer,
    seconds: number,
  ): Promise<Date | undefined> {
    const [rows]: [{ until: Date }[], number] = await manager.query(
      `UPDATE account SET password_reset_hash = $2, password_reset_expires_at = now() + make_interval(secs => $3)
       WHERE id = $1 RETURNING password_reset_expires_at AS until`,
      [accountId, hash, seconds],
    );
    return rows[0]?.until;
  }

  /** Whose open reset it is. */
  async findReset(hash: Buffer): Promise<{ email: string } | undefined> {
    const rows: { email: string }[] = await this.dataSource.query(
      `SELECT email FROM account WHERE password_reset_hash = $1 AND password_reset_expires_at > now()`,
      [hash],
    );
    return rows[0];
  }

  /** Clears those that were not redeemed in time, so many at most. @returns how many there were */
  async clearExpiredResets(most: number): Promise<number> {
    const [, cleared]: [unknown, number] = await this.dataSource.query(
      `UPDATE account SET password_reset_hash = NULL, password_reset_expires_at = NULL WHERE id IN (
         SELECT id FROM account WHERE password_reset_expires_at <= now() LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [most],
    );
    return cleared;
  }

  /** One statement: of any number that redeem one reset exactly one does. @returns undefined for the others */
  async redeemReset(
    manager: EntityManager,
    hash: Buffer,
    passwordHash: string,
  ): Promise<PasswordSet | undefined> {
    const [rows]: Updated = await manager.query(
      `${SET} WHERE password_reset_hash = $2 AND password_reset_expires_at > now() RETURNING id, epoch`,
      [passwordHash, hash],
    );
    return rows[0];
  }
}
