import { Injectable } from '@nestjs/common';
import type {
  AllStatisticsQuery,
  Page,
  ProviderStatistics,
  StatisticsWindow,
} from '@gatehouse/provider-health-contracts';
import { ProviderHistory } from '../events/provider.history.js';
import { readListCursor, writeListCursor } from '../providers/list-cursor.js';
import { type Provider, ProviderManager } from '../providers/provider.manager.js';
import { RollupRepository } from './rollup.repository.js';
import { summarize } from './summary.js';
import { Tally } from './tally.js';
import { partRanges, windowStart } from './window-parts.js';

/** What became of the calls to providers. */
@Injectable()
export class StatisticsManager {
  constructor(
    private readonly providers: ProviderManager,
    private readonly history: ProviderHistory,
    private readonly rollups: RollupRepository,
  ) {}

  /** @throws UnknownProviderError */
  async of(name: string, window: StatisticsWindow): Promise<ProviderStatistics> {
    const [statistics] = await this.ofEach([await this.providers.get(name)], window);
    return statistics as ProviderStatistics;
  }

  /** Of all providers, in the order of their names, a page at a time. */
  async ofAll({ window, cursor, limit }: AllStatisticsQuery): Promise<Page<ProviderStatistics>> {
    const after = cursor === undefined ? undefined : readListCursor(cursor);
    const found = await this.providers.list({ after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      items: await this.ofEach(page, window),
      nextCursor: found.length > limit && last !== undefined ? writeListCursor(last.name) : null,
    };
  }

  /** Of all providers at once; it grows with them. */
  async ofEveryOne(window: StatisticsWindow): Promise<ProviderStatistics[]> {
    const all: ProviderStatistics[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.ofAll({ window, cursor, limit: 200 });
      all.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return all;
  }

  private async ofEach(
    providers: readonly Provider[],
    window: StatisticsWindow,
  ): Promise<ProviderStatistics[]> {
    const now = await this.rollups.now();
    const start = windowStart(window, now);
    const spans = providers.map(({ name, createdAt }) => ({
      ...{ provider: name, created: createdAt },
      from: new Date(Math.max(start, createdAt.getTime())),
    }));
    const [tallies, times] = await Promise.all([
      this.rollups.sum(
        providers.map(({ name }) => name),
        partRanges(start, now),
      ),
      this.history.unhealthyTimes(spans, new Date(now)),
    ]);
    const byProvider = new Map(times.map((time) => [time.provider, time]));
    return spans.map(({ provider: name, from }) => {
      const { unhealthyMs = 0, transitions = 0 } = byProvider.get(name) ?? {};
      const ms = now - from.getTime();
      return {
        ...{
          name,
          window,
          from: from.toISOString(),
          to: new Date(Math.max(now, from.getTime())).toISOString(),
        },
        ...summarize(tallies.get(name) ?? new Tally()),
        uptime: ms > 0 ? 1 - unhealthyMs / ms : null,
        transitions,
      };
    });
  }
}
