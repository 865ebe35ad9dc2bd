import { newBoxKeys, openBox } from '@gatehouse/envelope-encryption';
import { releaseContext } from '@gatehouse/provider-health-contracts';
import { ProviderKeyUnavailableError } from '../provider-client.errors.js';
import type { ProviderServiceConnection } from '../provider-service.connection.js';
import { ProviderKey } from './provider-key.js';

interface KeptKey {
  key: ProviderKey;
  forgetting: NodeJS.Timeout;
}

/**
 * The API keys of providers, for a service that holds `providers:use-key`. Each release is in the audit trail; a key is kept
 * in memory for a while, and no longer than the fleet says that it is the provider's.
 */
export class ProviderKeyClient {
  private readonly kept = new Map<string, KeptKey>();
  /** Questions under way, by the provider and the key that it was known to have. */
  private readonly asking = new Map<string, Promise<ProviderKey>>();

  /**
   * @param currentKeyId of a provider, as this process knows it; undefined when it has none
   * @param keepMs how long a key is kept, milliseconds
   */
  constructor(
    private readonly currentKeyId: (name: string) => string | undefined,
    private readonly connection: Pick<ProviderServiceConnection, 'ask'>,
    private readonly keepMs: number,
  ) {}

  /**
   * The key of a provider. Ask for it with each call: it is in memory most of the time.
   *
   * @throws ProviderKeyUnavailableError (503); its `cause` says why: `no-provider-key`, `provider-key-unreadable`,
   * `insufficient-permission`, or that the service is away
   * @throws UnknownProviderError (404), ProvidersUnknownError (503) before the first load
   */
  async getProviderKey(name: string): Promise<ProviderKey> {
    const keyId = this.currentKeyId(name);
    const kept = this.kept.get(name)?.key;
    if (kept !== undefined && kept.keyId === keyId) return kept;
    this.forget(name);
    // One who asks after a change of the key must not be given the answer to a question of before.
    const question = `${name} ${keyId}`;
    const asked = this.asking.get(question) ?? this.ask(name).finally(() => this.asking.delete(question));
    this.asking.set(question, asked);
    return asked;
  }

  /** Forgets every key. */
  close(): void {
    for (const name of this.kept.keys()) this.forget(name);
  }

  private async ask(name: string): Promise<ProviderKey> {
    try {
      const keys = newBoxKeys();
      const { publicKey } = keys;
      const { keyId, origin, sealedKey } = await this.connection.ask('providers.use-key', {
        name,
        publicKey,
      });
      const apiKey = openBox(keys, sealedKey, releaseContext({ name, keyId, origin })).toString();
      const key = new ProviderKey(keyId, origin, apiKey);
      this.keep(name, key);
      return key;
    } catch (error) {
      throw new ProviderKeyUnavailableError(name, error);
    }
  }

  private keep(name: string, key: ProviderKey): void {
    this.forget(name);
    const forgetting = setTimeout(() => this.kept.delete(name), this.keepMs).unref();
    this.kept.set(name, { key, forgetting });
  }

  private forget(name: string): void {
    clearTimeout(this.kept.get(name)?.forgetting);
    this.kept.delete(name);
  }
}
