import { expectedMs, observe, type PeakEwma, type ProviderLoad } from '@gatehouse/provider-health-rules';

/** What this process measures of its calls to each provider, for `least-latency`. Times in milliseconds. */
export class ProviderLoads {
  private readonly loads = new Map<string, { inFlight: number; measured?: PeakEwma }>();

  begin(name: string): void {
    const load = this.loads.get(name);
    if (load === undefined) this.loads.set(name, { inFlight: 1 });
    else load.inFlight++;
  }

  /** @param responseTimeMs left out of a call that says nothing of it, e.g. one that was refused */
  end(name: string, now: number, responseTimeMs?: number): void {
    const load = this.loads.get(name);
    if (load === undefined) return;
    load.inFlight--;
    if (responseTimeMs !== undefined) load.measured = observe(load.measured, responseTimeMs, now);
  }

  of(name: string, now: number): ProviderLoad | undefined {
    const load = this.loads.get(name);
    return (
      load && {
        inFlight: load.inFlight,
        expectedMs: load.measured && expectedMs(load.measured, now),
      }
    );
  }
}
