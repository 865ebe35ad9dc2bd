import { Injectable } from '@nestjs/common';
import type { HistoryQuery, Page, ProviderIncident } from '@gatehouse/provider-health-contracts';
import { readVersionCursor, writeListCursor } from '../providers/list-cursor.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { toIncidentAnswer } from './incident-answer.js';
import { IncidentRepository } from './incident.repository.js';

/** Pages of the incidents of a provider, the newest first. */
@Injectable()
export class IncidentListing {
  constructor(
    private readonly providers: ProviderManager,
    private readonly incidents: IncidentRepository,
  ) {}

  async page(provider: string, { cursor, limit }: HistoryQuery): Promise<Page<ProviderIncident>> {
    await this.providers.get(provider);
    const before = cursor === undefined ? undefined : readVersionCursor(cursor);
    const found = await this.incidents.list(provider, { before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      items: shown.map((incident) => toIncidentAnswer(incident, Date.now())),
      nextCursor: more ? writeListCursor(last.firstVersion) : null,
    };
  }
}
