import { Injectable } from '@nestjs/common';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { DataSource, type EntityManager, In, LessThan, MoreThan, Not } from 'typeorm';
import type { NumberedChange } from './recent-changes.js';
import { toStatusChange } from './status-change-answer.js';
import { TransitionEntity } from './transition.entity.js';

export interface UnhealthyTimeOf {
  provider: string;
  created: Date;
  from: Date;
}

export interface UnhealthyTime {
  provider: string;
  unhealthyMs: number;
  /** How often its status changed. */
  transitions: number;
}

/** Notified with the commit of each transition. */
export const TRANSITIONS_CHANNEL = 'gatehouse_transitions';

@Injectable()
export class TransitionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Gives the transition the next number and holds the counter until the transaction ends: transitions commit one after
   * the other, in the order of their numbers.
   *
   * @param stands whether it is still to be written down, asked once nobody else can write
   * @returns whether it was new: a transition is known by its provider and version
   */
  async insertOnce(
    manager: EntityManager,
    transition: Omit<TransitionEntity, 'sequence'>,
    stands: () => Promise<boolean>,
  ): Promise<boolean> {
    const [counter] = await manager.query<{ next: string }[]>(
      'SELECT last + 1 AS next FROM transition_counter FOR UPDATE',
    );
    if (counter === undefined) throw new Error('The counter of transitions is gone');
    if (!(await stands())) return false;
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(TransitionEntity)
      .values({ ...transition, sequence: counter.next })
      .orIgnore()
      .returning('version')
      .execute();
    if ((result.raw as unknown[]).length === 0) return false;
    await manager.query('UPDATE transition_counter SET last = $1', [counter.next]);
    await manager.query(`SELECT pg_notify('${TRANSITIONS_CHANNEL}', '')`);
    return true;
  }

  /** Does work while no transition is written down. */
  heldBack<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT FROM transition_counter FOR SHARE');
      return work(manager);
    });
  }

  /** @returns whether it was new: it is known by its provider and time */
  async insertMisconfiguration(manager: EntityManager, provider: string, at: Date): Promise<boolean> {
    const rows: unknown = await manager.query(
      `INSERT INTO misconfiguration (provider, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING at`,
      [provider, at],
    );
    return Array.isArray(rows) && rows.length === 1;
  }

  /** The last transition, the last of the reasons that are not in `except`, and the last that made it unhealthy. */
  async last(
    provider: string,
    except: readonly StatusChange['reason'][],
    manager = this.dataSource.manager,
  ): Promise<(TransitionEntity | undefined)[]> {
    const found: (TransitionEntity | undefined)[] = [];
    for (const where of [{}, { reason: Not(In(except)) }, { to: 'unhealthy' as const }]) {
      const order = { version: 'DESC' as const };
      found.push(
        (await manager.findOne(TransitionEntity, { where: { provider, ...where }, order })) ?? undefined,
      );
    }
    return found;
  }

  /** The newest first, before `before`. */
  history(provider: string, of: { before?: number; limit: number }): Promise<TransitionEntity[]> {
    return this.dataSource.getRepository(TransitionEntity).find({
      where: { provider, ...(of.before === undefined ? {} : { version: LessThan(of.before) }) },
      order: { version: 'DESC' },
      take: of.limit,
    });
  }

  /**
   * For how long providers were unhealthy and how often they changed, within a time that begins for each of them at its
   * own `from`. What was before a provider was created is another's of the same name.
   */
  async unhealthyTimes(of: readonly UnhealthyTimeOf[], until: Date): Promise<UnhealthyTime[]> {
    const rows: { provider: string; unhealthy_ms: number; transitions: number }[] =
      await this.dataSource.query(
        `SELECT wanted.provider, change.unhealthy_ms, change.transitions
       FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS wanted (provider, created, since)
       CROSS JOIN LATERAL (
         SELECT coalesce(max(version), -1) AS version FROM (
           SELECT version FROM transition
           WHERE provider = wanted.provider AND at < wanted.since AND at >= wanted.created
           ORDER BY version DESC LIMIT 1
         ) AS newest
       ) AS before
       CROSS JOIN LATERAL (
         SELECT
           count(*) FILTER (WHERE version > before.version)::integer AS transitions,
           coalesce(sum(greatest(0, 1000 * extract(epoch FROM
             least(coalesce(next_at, $4), $4) - greatest(at, wanted.since)
           ))) FILTER (WHERE to_status = 'unhealthy'), 0)::double precision AS unhealthy_ms
         FROM (
           SELECT version, to_status, at, lead(at) OVER (ORDER BY version) AS next_at FROM transition
           WHERE provider = wanted.provider AND version >= before.version AND at >= wanted.created
         ) AS span
       ) AS change`,
        [
          of.map(({ provider }) => provider),
          of.map(({ created }) => created),
          of.map(({ from }) => from),
          until,
        ],
      );
    return rows.map((row) => ({
      provider: row.provider,
      unhealthyMs: row.unhealthy_ms,
      transitions: row.transitions,
    }));
  }

  /** How far the numbers have come, and which database they are of. */
  async position(): Promise<{ epoch: string; last: number }> {
    const [counter] = await this.dataSource.query<{ epoch: string; last: string }[]>(
      'SELECT epoch, last FROM transition_counter',
    );
    if (counter === undefined) throw new Error('The counter of transitions is gone');
    return { epoch: counter.epoch, last: Number(counter.last) };
  }

  /** Of all providers, beyond a number, in the order of the numbers. */
  async after(sequence: number, limit: number): Promise<NumberedChange[]> {
    const rows = await this.dataSource.getRepository(TransitionEntity).find({
      where: { sequence: MoreThan(String(sequence)) },
      order: { sequence: 'ASC' },
      take: limit,
    });
    return rows.map((row) => ({ sequence: Number(row.sequence), change: toStatusChange(row) }));
  }
}
