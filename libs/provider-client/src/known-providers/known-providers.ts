import type { ProviderSnapshot } from '@gatehouse/provider-health-contracts';
import { type KnownProvider, knownProvider } from './known-provider.js';

/**
 * The providers as the fleet was last heard to see them. One immutable map, another with each change. Of two states of a
 * provider the greater revision is the newer, in whatever order they come.
 */
export class KnownProviders {
  private current: ReadonlyMap<string, KnownProvider> = new Map();
  /** The last revision of each that was removed, so that a late word of it does not bring it back. */
  private readonly removed = new Map<string, number>();

  /** By name. */
  get all(): ReadonlyMap<string, KnownProvider> {
    return this.current;
  }

  get(name: string): KnownProvider | undefined {
    return this.current.get(name);
  }

  /** A snapshot: it is all there is, whatever was known before. */
  replace(snapshots: readonly ProviderSnapshot[]): void {
    const next = new Map(snapshots.map((snapshot) => [snapshot.provider.name, knownProvider(snapshot)]));
    for (const [name, { snapshot }] of this.current) this.removed.set(name, snapshot.health.revision);
    for (const name of next.keys()) this.removed.delete(name);
    this.current = next;
  }

  /** @returns whether it was newer than what was known; the same again changes nothing */
  put(snapshot: ProviderSnapshot): boolean {
    const { name } = snapshot.provider;
    const { revision } = snapshot.health;
    const known = this.current.get(name)?.snapshot.health.revision ?? this.removed.get(name);
    if (known !== undefined && revision <= known) return false;
    this.removed.delete(name);
    this.current = new Map(this.current).set(name, knownProvider(snapshot));
    return true;
  }

  /** What the fleet measures is no state, and has no revision. @param times one that is not there has none */
  putResponseTimes(times: ReadonlyMap<string, ProviderSnapshot['responseTimeMs']>): void {
    const next = new Map<string, KnownProvider>();
    for (const [name, { snapshot }] of this.current)
      next.set(name, knownProvider({ ...snapshot, responseTimeMs: times.get(name) }));
    this.current = next;
  }

  remove(name: string): void {
    const known = this.current.get(name);
    if (known === undefined) return;
    this.removed.set(name, known.snapshot.health.revision);
    const next = new Map(this.current);
    next.delete(name);
    this.current = next;
  }
}
