import { Injectable } from '@nestjs/common';
import type { PermissionMap } from '@gatehouse/auth-contracts';
import { DataSource, type EntityManager } from 'typeorm';

const ROLES = `coalesce(json_object_agg(name, json_build_object('parent', parent, 'permissions', permissions)
  ORDER BY name), '{}')`;

@Injectable()
export class PermissionMapRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The roles and their version as one statement sees them. */
  async read(): Promise<PermissionMap> {
    const [row]: PermissionMap[] = await this.dataSource.query(
      `SELECT version, (SELECT ${ROLES} FROM role) AS roles FROM permission_map`,
    );
    if (row === undefined) throw new Error('The permission map has no version');
    return row;
  }

  /** The first thing in a transaction that changes a role: changes come one after the other. */
  async lock(manager: EntityManager): Promise<void> {
    await manager.query(`SELECT FROM permission_map FOR UPDATE`);
  }

  /** Of the map as the transaction sees it. */
  async size(manager: EntityManager): Promise<{ roles: number; bytes: number }> {
    const [row]: { roles: number; bytes: number }[] = await manager.query(
      `SELECT count(*)::integer AS roles, octet_length(${ROLES}::text) AS bytes FROM role`,
    );
    if (row === undefined) throw new Error('The permission map has no size');
    return row;
  }

  /** To be called in the transaction that changes a role, once it has the lock. */
  async raiseVersion(manager: EntityManager): Promise<void> {
    await manager.query(`UPDATE permission_map SET version = version + 1`);
  }

  async isAnnounced(): Promise<boolean> {
    const [row]: { announced: boolean }[] = await this.dataSource.query(
      `SELECT announced >= version AS announced FROM permission_map`,
    );
    return row?.announced !== false;
  }

  async noteAnnounced(version: number): Promise<void> {
    await this.dataSource.query(`UPDATE permission_map SET announced = greatest(announced, $1)`, [version]);
  }
}
