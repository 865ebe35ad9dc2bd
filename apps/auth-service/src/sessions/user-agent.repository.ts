import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { UserAgent } from './user-agent.js';
import { UserAgentEntity } from './user-agent.entity.js';

const KNOWN_MS = 3_600_000;
/** Of those that are in use at a time nearly all. */
const MOST_KNOWN = 1_000;

@Injectable()
export class UserAgentRepository {
  /** When it was seen, by the monotonic clock, that a row was there and had been noted within a day. */
  private readonly known = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {}

  /** Written once a day at most for each, and asked of the database once an hour: it is an hour older than a day at most. */
  async keep(manager: EntityManager, { id, text }: UserAgent): Promise<void> {
    const now = performance.now();
    if (now - (this.known.get(id) ?? -Infinity) < KNOWN_MS) return;
    const written: unknown[] = await manager.query(
      `INSERT INTO user_agent (id, text, used_at) VALUES ($1, $2, now())
       ON CONFLICT (id) DO UPDATE SET used_at = now() WHERE user_agent.used_at < now() - interval '1 day'
       RETURNING id`,
      [id, text],
    );
    // What this transaction writes may yet be rolled back; what it finds is committed.
    if (written.length === 0) this.remember(id, now);
  }

  /** Removes those that no session can have any more, so many at most. @returns how many there were */
  async removeUnused(unusedMs: number, most: number): Promise<number> {
    const [, removed]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM user_agent WHERE id IN (
         SELECT id FROM user_agent WHERE used_at < now() - make_interval(secs => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [unusedMs / 1000, most],
    );
    return removed;
  }

  private remember(id: string, now: number): void {
    this.known.delete(id);
    this.known.set(id, now);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size > MOST_KNOWN) this.known.delete(oldest);
  }

  async texts(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.dataSource.getRepository(UserAgentEntity).findBy({ id: In([...ids]) });
    return new Map(rows.map(({ id, text }) => [id, text]));
  }
}
