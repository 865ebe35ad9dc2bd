import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';

/** An API key and its owner as of one moment. */
export interface KeyWithOwner {
  id: string;
  hash: Buffer;
  permissions: string[];
  expiresAt: Date | null;
  isExpired: boolean;
  /** Whether it is noted that it is in use. */
  isNoted: boolean;
  owner: { id: string; role: string; status: string; epoch: number };
}

/** In one statement: what is decided by it is decided as of one moment, by the clock of PostgreSQL. */
const WITH_OWNER = `
  SELECT key.id, key.hash, key.permissions, key.expires_at AS "expiresAt",
         coalesce(key.expires_at <= now(), false) AS "isExpired",
         coalesce(key.last_used_at > now() - make_interval(secs => $2), false) AS "isNoted",
         json_build_object('id', account.id, 'role', account.role, 'status', account.status,
           'epoch', account.epoch) AS owner
    FROM api_key key JOIN account ON account.id = key.owner_id
   WHERE key.id = $1`;

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @param seconds for which a use stays noted */
  async findWithOwner(id: string, seconds: number): Promise<KeyWithOwner | undefined> {
    const [row]: KeyWithOwner[] = await this.dataSource.query(WITH_OWNER, [id, seconds]);
    return row;
  }

  /** Unless it has been noted by somebody else meanwhile. @param hash with the newest key */
  async noteUse(id: string, hash: Buffer, seconds: number): Promise<void> {
    await this.dataSource.query(
      `UPDATE api_key SET last_used_at = now(), hash = $2
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= now() - make_interval(secs => $3))`,
      [id, hash, seconds],
    );
  }

  /** The oldest first. */
  of(ownerId: string): Promise<ApiKeyEntity[]> {
    return this.dataSource.getRepository(ApiKeyEntity).find({ where: { ownerId }, order: { id: 'ASC' } });
  }

  find(ownerId: string, id: string): Promise<ApiKeyEntity | null> {
    return this.dataSource.getRepository(ApiKeyEntity).findOneBy({ ownerId, id });
  }

  /** How many an owner has, who is locked; of those that expired none is left. */
  async countLive(manager: EntityManager, ownerId: string): Promise<number> {
    await manager.query(`DELETE FROM api_key WHERE owner_id = $1 AND expires_at <= now()`, [ownerId]);
    return manager.countBy(ApiKeyEntity, { ownerId });
  }

  async insert(manager: EntityManager, key: ApiKeyEntity): Promise<void> {
    await manager.insert(ApiKeyEntity, key);
  }

  /** Of any number who remove one, one does. @returns its name */
  async remove(manager: EntityManager, ownerId: string, id: string): Promise<string | undefined> {
    const [rows]: [{ name: string }[]] = await manager.query(
      `DELETE FROM api_key WHERE owner_id = $1 AND id = $2 RETURNING name`,
      [ownerId, id],
    );
    return rows[0]?.name;
  }
}
