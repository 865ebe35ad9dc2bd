import { Injectable } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type { CreateProviderBody, ProviderKeyAnswer } from '@gatehouse/provider-health-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource, type EntityManager } from 'typeorm';
import { ProviderHistory } from '../events/provider.history.js';
import { EditorTrail } from '../trails/editor.trail.js';
import { demandSoundCheck } from './sound-check.js';
import { ProviderKeys } from '../provider-keys/provider.keys.js';
import type { Provider } from './provider.entity.js';
import { ProviderRepository } from './provider.repository.js';
import { ProviderExistsError, UnknownProviderError } from './providers.errors.js';

export type { Provider } from './provider.entity.js';

/** A provider with what is told of its API key. */
export interface DescribedProvider extends Provider {
  apiKey?: ProviderKeyAnswer;
}

/** The providers that the platform calls. */
@Injectable()
export class ProviderManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ProviderRepository,
    private readonly keys: ProviderKeys,
    private readonly trail: EditorTrail,
    private readonly history: ProviderHistory,
  ) {}

  /**
   * @throws ProviderExistsError
   * @throws ValidationFailedError when its check would send its key elsewhere
   */
  async create(body: CreateProviderBody, by: Principal, request: RequestContext): Promise<DescribedProvider> {
    const { apiKey, ...described } = body;
    const { name, baseUrl, healthCheck } = body;
    if (healthCheck !== undefined) demandSoundCheck(healthCheck, baseUrl);
    const provider = {
      ...described,
      costPerMillionTokens: body.costPerMillionTokens ?? null,
      healthCheck: body.healthCheck ?? null,
      createdAt: new Date(),
      afterVersion: 0,
    };
    const key = await this.dataSource.transaction(async (manager) => {
      if (!(await this.providers.insertUnlessThere(manager, provider)))
        throw new ProviderExistsError(body.name);
      // Whoever deleted one of this name has committed by now, and its history before.
      const { last } = await this.history.recordedOf(name, manager);
      if (last !== undefined) await this.providers.setAfterVersion(manager, name, last.version);
      const set =
        apiKey === undefined ? undefined : await this.keys.set(manager, { provider: name, baseUrl, apiKey });
      await this.trail.tell(
        manager,
        { type: 'provider', id: name },
        { by, request },
        {
          action: 'provider.created',
          details: { kind: provider.kind, baseUrl, ...(set && { keyId: set.keyId }) },
        },
      );
      return set;
    });
    return { ...provider, apiKey: key };
  }

  /** A provider, which nobody changes or deletes until the transaction ends. @throws UnknownProviderError */
  async hold(manager: EntityManager, name: string): Promise<DescribedProvider> {
    const provider = await this.providers.hold(manager, name);
    if (provider === null) throw new UnknownProviderError(name);
    return { ...provider, apiKey: (await this.keys.describe([name], manager)).get(name) };
  }

  /** With what is told of its API key. @throws UnknownProviderError */
  async describe(name: string): Promise<DescribedProvider> {
    const [described] = await this.withKeys([await this.get(name)]);
    return described as DescribedProvider;
  }

  /** @throws UnknownProviderError */
  async get(name: string): Promise<Provider> {
    const provider = await this.providers.find(name);
    if (provider === null) throw new UnknownProviderError(name);
    return provider;
  }

  /** In the order of their names, after `after`. */
  list(of: { after?: string; tag?: string; limit: number }): Promise<Provider[]> {
    return this.providers.list(of);
  }

  /** The same with what is told of their API keys. */
  async withKeys(providers: readonly Provider[]): Promise<DescribedProvider[]> {
    const keys = await this.keys.describe(providers.map(({ name }) => name));
    return providers.map((provider) => ({ ...provider, apiKey: keys.get(provider.name) }));
  }
}
