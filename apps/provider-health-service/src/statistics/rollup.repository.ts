import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Sketch } from './sketch.js';
import { type Rollup, Tally } from './tally.js';
import { type Grain, GRAINS, type PartRange } from './window-parts.js';

/** A window of many providers may have thousands of rows: between some of them other work has its turn. */
const AT_ONCE = 500;

interface Row {
  provider: string;
  grain: Grain;
  at: Date;
  successes: string;
  failures: Record<string, number>;
  response_times: Buffer;
}

/** What was counted, in PostgreSQL: by minute, by hour and by day. */
@Injectable()
export class RollupRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Adds to what is there. Outcomes of providers that are no more are left out: they are nobody's. One transaction at a
   * time does this, the one that holds the lock of `CountedBatchRepository.lead`.
   */
  async add(manager: EntityManager, rollups: readonly Rollup[]): Promise<void> {
    const names = [...new Set(rollups.map(({ provider }) => provider))];
    // Providers first, as a deletion locks them: it takes their rollups with it.
    const known: { name: string }[] = await manager.query(
      `SELECT name FROM provider WHERE name = ANY($1::text[]) ORDER BY name FOR KEY SHARE`,
      [names],
    );
    const there = new Set(known.map(({ name }) => name));
    const kept = rollups.filter(({ provider }) => there.has(provider));
    if (kept.length === 0) return;
    const keys = [
      kept.map(({ provider }) => provider),
      kept.map(({ grain }) => grain),
      kept.map(({ at }) => new Date(at)),
    ];
    const rows: Row[] = await manager.query(
      `SELECT rollup.* FROM rollup
       JOIN unnest($1::text[], $2::text[], $3::timestamptz[]) AS wanted (provider, grain, at) USING (provider, grain, at)
       FOR UPDATE OF rollup`,
      keys,
    );
    const before = new Map(rows.map((row) => [keyOf(row.provider, row.grain, row.at.getTime()), row]));
    const sums = kept.map(({ provider, grain, at, tally }) => {
      const row = before.get(keyOf(provider, grain, at));
      const sum = row === undefined ? new Tally() : tallyOf(row);
      sum.merge(tally);
      return sum;
    });
    await manager.query(
      `INSERT INTO rollup (provider, grain, at, successes, failures, response_times)
       SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::jsonb[], $6::bytea[])
       ON CONFLICT (provider, grain, at) DO UPDATE SET successes = excluded.successes, failures = excluded.failures,
         response_times = excluded.response_times`,
      [
        ...keys,
        sums.map(({ successes }) => successes),
        sums.map(({ failures }) => JSON.stringify(Object.fromEntries(failures))),
        sums.map(({ responseTimes }) => responseTimes.encode()),
      ],
    );
  }

  /** The sum of the parts for each of the providers of which there is any; read in one statement, so that it fits. */
  async sum(providers: readonly string[] | 'all', ranges: readonly PartRange[]): Promise<Map<string, Tally>> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT rollup.* FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS part (grain, since, until)
       JOIN rollup ON rollup.grain = part.grain AND rollup.at >= part.since AND rollup.at < part.until
       WHERE $1::text[] IS NULL OR rollup.provider = ANY($1::text[])`,
      [
        providers === 'all' ? null : providers,
        ranges.map(({ grain }) => grain),
        ranges.map(({ from }) => new Date(from)),
        ranges.map(({ until }) => (until === Infinity ? 'infinity' : new Date(until))),
      ],
    );
    const sums = new Map<string, Tally>();
    for (const [index, row] of rows.entries()) {
      if (index % AT_ONCE === AT_ONCE - 1) await nextTurn();
      const sum = sums.get(row.provider) ?? new Tally();
      sum.merge(tallyOf(row));
      sums.set(row.provider, sum);
    }
    return sums;
  }

  /** By the clock of PostgreSQL, ms since 1970. */
  async now(): Promise<number> {
    const [row]: { now: Date }[] = await this.dataSource.query(`SELECT clock_timestamp() AS now`);
    return (row as { now: Date }).now.getTime();
  }

  /** Removes so many at most that are kept no longer. @returns how many there were */
  async removeOver(grain: Grain, most: number): Promise<number> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM rollup WHERE (provider, grain, at) IN (
         SELECT provider, grain, at FROM rollup WHERE grain = $1 AND at < now() - $2 * interval '1 ms'
         LIMIT $3 FOR UPDATE SKIP LOCKED)`,
      [grain, GRAINS[grain].kept, most],
    );
    return count;
  }
}

const keyOf = (provider: string, grain: Grain, at: number): string => `${provider} ${grain} ${at}`;

function tallyOf(row: Row): Tally {
  const tally = new Tally();
  tally.merge({
    successes: Number(row.successes),
    failures: new Map(Object.entries(row.failures)),
    responseTimes: Sketch.decode(row.response_times),
  });
  return tally;
}
