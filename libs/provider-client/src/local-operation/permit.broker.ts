import type { ProbePermit } from '@gatehouse/provider-health-contracts';
import { isAway } from '../outcomes/delivery-failure.js';
import { availabilityOf } from '../known-providers/known-provider.js';
import type { ProviderView } from '../known-providers/provider-view.js';
import { NoPermitError } from '../provider-client.errors.js';
import type { ProviderServiceConnection } from '../provider-service.connection.js';
import type { LocalOperation } from './local-operation.js';
import { LocalPermits } from './local-permits.js';

/** Permits to try a half-open provider: of the fleet, and while that is out of reach of this process alone. */
export class PermitBroker {
  readonly local = new LocalPermits();

  constructor(
    private readonly view: ProviderView,
    private readonly operation: LocalOperation,
    private readonly connection: Pick<ProviderServiceConnection, 'ask'>,
  ) {}

  /** @throws NoPermitError (409), UnknownProviderError (404), ProvidersUnknownError (503) */
  async acquire(name: string, timeoutMs?: number): Promise<ProbePermit> {
    const { available, reason } = availabilityOf(this.view.find(name), this.view.now);
    if (available && reason !== 'half-open') return { permit: null, expiresAt: null };
    if (this.operation.isAway) return this.ownPermit(name);
    try {
      return await this.connection.ask('providers.acquire-permit', { name }, timeoutMs);
    } catch (error) {
      if (isAway(error)) return this.ownPermit(name);
      throw error;
    }
  }

  private ownPermit(name: string): ProbePermit {
    const known = this.view.find(name);
    const now = this.view.now();
    const { available, reason } = availabilityOf(known, () => now);
    if (!available) throw new NoPermitError(name, 1);
    if (reason !== 'half-open') return { permit: null, expiresAt: null };
    const got = this.local.acquire(name, known.snapshot.provider.policy.probePermits, now);
    if ('retryAt' in got) throw new NoPermitError(name, Math.ceil((got.retryAt - now) / 1000));
    return { permit: got.permit, expiresAt: new Date(got.expiresAt).toISOString() };
  }
}
