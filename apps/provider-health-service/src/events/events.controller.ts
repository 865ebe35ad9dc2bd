import { Controller, Get, Param, Query } from '@nestjs/common';
import { RequirePermission } from '@gatehouse/access-control';
import {
  HistoryQuery,
  type Page,
  ProviderName,
  type StatusChange,
} from '@gatehouse/provider-health-contracts';
import { readVersionCursor, writeListCursor } from '../providers/list-cursor.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { ProviderHistory } from './provider.history.js';

@Controller('v1/providers/:name/history')
export class EventsController {
  constructor(
    private readonly providers: ProviderManager,
    private readonly history: ProviderHistory,
  ) {}

  /** The changes of a provider's status, the newest first. */
  @Get()
  @RequirePermission('providers:read')
  async list(
    @Param('name', { schema: ProviderName }) name: string,
    @Query({ schema: HistoryQuery }) { cursor, limit }: HistoryQuery,
  ): Promise<Page<StatusChange>> {
    await this.providers.get(name);
    const before = cursor === undefined ? undefined : readVersionCursor(cursor);
    const found = await this.history.transitionsOf(name, { before, limit: limit + 1 });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, nextCursor: more ? writeListCursor(last.version) : null };
  }
}
