import { Injectable } from '@nestjs/common';
import { UnsealError } from '@gatehouse/envelope-encryption';
import type { ProviderKeyAnswer } from '@gatehouse/provider-health-contracts';
import { Subject } from 'rxjs';
import type { EntityManager } from 'typeorm';
import type { KeyReading } from './key-reading.js';
import type { OpenedKey } from './opened-key.js';
import { originOf, toKeyAnswer } from './provider-key.js';
import { ProviderKeyRepository } from './provider-key.repository.js';
import { ProviderKeyVault } from './provider-key.vault.js';
import { ProviderKeyUnreadableError } from './provider-keys.errors.js';

export type { OpenedKey } from './opened-key.js';

/** What became of a provider's key as the provider was changed. */
export type KeyChange =
  | { changed: false; now?: ProviderKeyAnswer }
  | {
      changed: true;
      what: 'set' | 'removed' | 'removed-with-origin';
      before?: ProviderKeyAnswer;
      now?: ProviderKeyAnswer;
    };

/** The API keys of providers: at rest sealed, each for one provider and one origin. */
@Injectable()
export class ProviderKeys {
  /** Keys that could not be opened when they were to be used. */
  readonly unreadable = new Subject<{ provider: string; keyId: string }>();

  constructor(
    private readonly keys: ProviderKeyRepository,
    private readonly vault: ProviderKeyVault,
  ) {}

  /** Keeps a new key of the provider, in place of the one before, within the transaction. */
  async set(
    manager: EntityManager,
    of: { provider: string; baseUrl: string; apiKey: string },
  ): Promise<ProviderKeyAnswer> {
    const { provider, baseUrl, apiKey } = of;
    const key = this.vault.seal({ provider, apiKey, origin: originOf(baseUrl) });
    await this.keys.put(manager, key);
    return toKeyAnswer(key);
  }

  /**
   * What a change of the provider makes of its key: a new one is kept in place of the one before, `null` removes it, and a
   * key stays only with the origin that it was set for. The caller has locked the provider.
   */
  async change(
    manager: EntityManager,
    of: { provider: string; baseUrl: string; apiKey: string | null | undefined },
  ): Promise<KeyChange> {
    const { provider, baseUrl, apiKey } = of;
    const [stored] = await this.keys.findAll([provider], manager);
    const before = stored && toKeyAnswer(stored);
    if (typeof apiKey === 'string')
      return {
        changed: true,
        what: 'set',
        before,
        now: await this.set(manager, { provider, baseUrl, apiKey }),
      };
    if (stored === undefined || (apiKey === undefined && stored.origin === originOf(baseUrl)))
      return { changed: false, now: before };
    await this.keys.remove(manager, provider);
    return { changed: true, what: apiKey === null ? 'removed' : 'removed-with-origin', before };
  }

  /** What is told of the keys of these providers; those without one are left out. */
  async describe(
    providers: readonly string[],
    manager?: EntityManager,
  ): Promise<ReadonlyMap<string, ProviderKeyAnswer>> {
    const keys = providers.length === 0 ? [] : await this.keys.findAll(providers, manager);
    return new Map(keys.map((key) => [key.provider, toKeyAnswer(key)]));
  }

  /**
   * The key in the clear, for a call to the origin that it names; undefined when the provider has none.
   *
   * @throws ProviderKeyUnreadableError
   */
  async open(provider: string): Promise<OpenedKey | undefined> {
    const key = await this.keys.find(provider);
    if (key === null) return undefined;
    try {
      return this.vault.open(key);
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      this.unreadable.next({ provider, keyId: key.keyId });
      throw new ProviderKeyUnreadableError(error);
    }
  }

  /** Whether the keys of these providers can be opened; those without one are left out. */
  async readings(providers: readonly string[]): Promise<ReadonlyMap<string, KeyReading>> {
    const keys = providers.length === 0 ? [] : await this.keys.findAll(providers);
    return new Map(
      keys.map((key) => [key.provider, { keyId: key.keyId, readable: this.vault.canOpen(key) }]),
    );
  }
}
