import { Injectable } from '@nestjs/common';
import type { ListProvidersQuery, Page, ProviderAnswer } from '@gatehouse/provider-health-contracts';
import { ProviderHealthTracker } from '../health-tracking/provider-health.tracker.js';
import { readListCursor, writeListCursor } from './list-cursor.js';
import { toProviderAnswer } from './provider-answer.js';
import { type Provider, ProviderManager } from './provider.manager.js';

/** Pages of providers. A status lives in Redis, so the filter by it is applied to what PostgreSQL lists. */
@Injectable()
export class ProviderListing {
  constructor(
    private readonly providers: ProviderManager,
    private readonly tracker: ProviderHealthTracker,
  ) {}

  async page({ cursor, limit, status, tag }: ListProvidersQuery): Promise<Page<ProviderAnswer>> {
    const found: Provider[] = [];
    let after = cursor === undefined ? undefined : readListCursor(cursor);
    for (;;) {
      // One more than is asked for tells whether there is another page.
      const listed = await this.providers.list({ after, tag, limit: limit + 1 });
      found.push(...(status === undefined ? listed : await this.withStatus(listed, status)));
      after = listed.at(-1)?.name;
      if (found.length > limit || listed.length <= limit) break;
    }
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      items: (await this.providers.withKeys(items)).map(toProviderAnswer),
      nextCursor: more ? writeListCursor(last.name) : null,
    };
  }

  private async withStatus(listed: Provider[], status: string): Promise<Provider[]> {
    const statuses = await this.tracker.getStatuses(listed.map(({ name }) => name));
    return listed.filter((_provider, index) => statuses[index]?.status === status);
  }
}
