import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { UserAgent } from './user-agent.js';
import { UserAgentEntity } from './user-agent.entity.js';

@Injectable()
export class UserAgentRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Written once a day at most for each. */
  async keep(manager: EntityManager, { id, text }: UserAgent): Promise<void> {
    await manager.query(
      `INSERT INTO user_agent (id, text, used_at) VALUES ($1, $2, now())
       ON CONFLICT (id) DO UPDATE SET used_at = now() WHERE user_agent.used_at < now() - interval '1 day'`,
      [id, text],
    );
  }

  /** Removes those that no session can have any more, so many at most. */
  async removeUnused(before: Date, most: number): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM user_agent WHERE id IN (SELECT id FROM user_agent WHERE used_at < $1 LIMIT $2)`,
      [before, most],
    );
  }

  async texts(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.getRepository(UserAgentEntity).findBy({ id: In([...ids]) });
    return new Map(rows.map(({ id, text }) => [id, text]));
  }
}
