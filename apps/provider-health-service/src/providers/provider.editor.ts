import { Injectable } from '@nestjs/common';
import type { UpdateProviderBody } from '@gatehouse/provider-health-contracts';
import { isRedisUnavailable } from '@gatehouse/redis';
import { DataSource } from 'typeorm';
import { HealthManager } from '../health-tracking/health.manager.js';
import { ProviderKeys } from '../provider-keys/provider.keys.js';
import { changedFields, changedProvider } from './provider-change.js';
import type { DescribedProvider } from './provider.manager.js';
import { ProviderRepository } from './provider.repository.js';
import type { Editor } from '../trails/editor.js';
import { EditorTrail } from '../trails/editor.trail.js';
import { UnknownProviderError } from './providers.errors.js';
import { demandSoundCheck } from './sound-check.js';

/** Changes providers, each with its audit event in one transaction, and brings that to Redis and to everybody. */
@Injectable()
export class ProviderEditor {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ProviderRepository,
    private readonly keys: ProviderKeys,
    private readonly trail: EditorTrail,
    private readonly health: HealthManager,
  ) {}

  /** Tells everybody of a new provider; without Redis it is told of when it is first used. */
  async introduce(name: string): Promise<void> {
    await this.health.adopt(name).catch((error: unknown) => {
      if (!isRedisUnavailable(error)) throw error;
    });
  }

  /**
   * What is left out stays. Nothing is changed while Redis is away. A base URL of another origin without a key beside it removes the key. A change that makes no
   * difference leaves no event.
   *
   * @throws UnknownProviderError
   * @throws ValidationFailedError when its check would send its key elsewhere
   */
  async update(name: string, change: UpdateProviderBody, editor: Editor): Promise<DescribedProvider> {
    await this.health.findAll([name]);
    const { provider, key } = await this.dataSource.transaction(async (manager) => {
      const before = await this.providers.lock(manager, name);
      if (before === null) throw new UnknownProviderError(name);
      const after = changedProvider(before, change);
      const { baseUrl, healthCheck } = after;
      if (healthCheck !== null) demandSoundCheck(healthCheck, baseUrl);
      const key = await this.keys.change(manager, { provider: name, baseUrl, apiKey: change.apiKey });
      const changed = [...changedFields(before, after), ...(key.changed ? ['apiKey'] : [])];
      if (changed.length === 0) return { provider: { ...before, apiKey: key.now }, key };
      const details = {
        changed,
        ...(baseUrl === before.baseUrl ? {} : { baseUrl: { from: before.baseUrl, to: baseUrl } }),
        ...(key.changed && { key: key.what, keyId: { from: key.before?.keyId, to: key.now?.keyId } }),
      };
      await this.trail.tell(manager, { type: 'provider', id: name }, editor, {
        action: 'provider.changed',
        details,
      });
      await this.providers.update(manager, after);
      return { provider: { ...after, apiKey: key.now }, key };
    });
    await this.health.adopt(name);
    // The key that nobody could open is not the provider's any more.
    if (key.changed) await this.health.markKeyReadable(name);
    return provider;
  }
}
