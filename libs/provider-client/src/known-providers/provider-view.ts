import type { LocalOperation } from '../local-operation/local-operation.js';
import { ProvidersUnknownError, UnknownProviderError } from '../provider-client.errors.js';
import type { ProviderReading } from '../provider-source.js';
import { type KnownProvider, readProvider } from './known-provider.js';
import type { KnownProviders } from './known-providers.js';

/** How old an answer's facts are. */
export interface Age {
  /** Since it was certain that nothing was missed. */
  ageMs: number;
  /** They are older than they may be, or this process goes on by itself. */
  stale?: true;
}

/** Tells the time by the clock of Redis, and how current the known providers are. */
export interface FleetClock {
  readonly isLoaded: boolean;
  now(): number;
  ageMs(): number;
}

/** What this process knows of providers, read at once. */
export class ProviderView {
  readonly now = (): number => this.clock.now();

  constructor(
    private readonly known: KnownProviders,
    private readonly local: LocalOperation,
    private readonly clock: FleetClock,
    private readonly staleAfterMs: number,
  ) {}

  /** @throws ProvidersUnknownError (503) before the first load, UnknownProviderError (404) */
  find(name: string): KnownProvider {
    const found = this.local.get(name) ?? this.known.get(name);
    if (found !== undefined) return found;
    throw this.clock.isLoaded ? new UnknownProviderError(name) : new ProvidersUnknownError();
  }

  /** @param isLocal the answer rests on what this process counted by itself */
  age(isLocal: boolean): Age {
    const ageMs = Math.round(this.clock.ageMs());
    return isLocal || ageMs > this.staleAfterMs ? { ageMs, stale: true } : { ageMs };
  }

  /** @throws as `find` */
  read(names: readonly string[]): ProviderReading {
    const now = this.clock.now();
    let isLocal = false;
    const providers = names.map((name) => {
      const known = this.find(name);
      isLocal ||= known.isLocal;
      return readProvider(known, now);
    });
    const { ageMs, stale } = this.age(isLocal);
    return stale === undefined ? { providers, now, ageMs } : { providers, now, ageMs, stale };
  }
}
