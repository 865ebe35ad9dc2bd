import { Inject, Injectable } from '@nestjs/common';
import { loadScript, REDIS, type RedisConnection } from '@gatehouse/redis';
import { ProviderHealthKeys } from '../health-tracking/provider-health-keys.js';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import type { StreamEntry } from './outcome-entry.js';

const REMOVE = loadScript(new URL('../../lua/statistics/remove-outcomes.lua', import.meta.url));
const DESCRIBE = loadScript(new URL('../../lua/statistics/describe-outcomes.lua', import.meta.url));

/** How far the counting is behind. */
export interface OutcomeBacklog {
  /** Entries that wait. */
  length: number;
  /** Of the oldest of them. */
  ageMs: number;
  /** How many were pushed out by newer ones before they were counted, since the stream began. */
  lost: number;
}

/** The stream on Redis to which the recording script appends what was reported. */
@Injectable()
export class OutcomeStreamRepository {
  private readonly stream: string;
  private readonly keys: readonly [string, string];

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    environment: ProviderHealthEnvironment,
  ) {
    const keys = new ProviderHealthKeys(environment.namespace);
    this.stream = keys.outcomes;
    this.keys = [keys.outcomes, keys.outcomesCounted];
  }

  async isEmpty(): Promise<boolean> {
    return (await this.redis.xlen(this.stream)) === 0;
  }

  /** The oldest entries. */
  async head(most: number): Promise<StreamEntry[]> {
    const entries = await this.redis.xrange(this.stream, '-', '+', 'COUNT', most);
    return entries.map(([id, fields]) => ({ id, fields }));
  }

  /** @returns how many were lost since the stream began; see `OutcomeBacklog` */
  async remove(entries: readonly Pick<StreamEntry, 'id'>[]): Promise<number> {
    return (await REMOVE.run(
      this.redis,
      this.keys,
      entries.map(({ id }) => id),
    )) as number;
  }

  async backlog(): Promise<OutcomeBacklog> {
    const [length, ageMs, lost] = (await DESCRIBE.run(this.redis, this.keys)) as [number, number, number];
    return { length, ageMs, lost };
  }
}
