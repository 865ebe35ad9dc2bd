import {
  CreateProviderBody,
  type ProbePermit,
  type ProviderOutcome,
} from '@gatehouse/provider-health-contracts';
import { DomainError } from '@gatehouse/problem-details';
import type { ProviderReading, ProviderSource, ReadProvider } from '../src/provider-source.js';

/** Providers as a test says they are, and what was reported of them. */
export class FakeProviderSource implements ProviderSource {
  readonly reported: ProviderOutcome[] = [];
  /** What becomes of requests for permits. */
  permits: (name: string) => Promise<ProbePermit> = () =>
    Promise.reject(new DomainError({ type: 'no-permit', status: 409, title: 'Others are trying' }));
  isStale = false;
  private readonly providers = new Map<string, ReadProvider>();

  constructor(...names: string[]) {
    for (const name of names) this.set(name);
  }

  set(name: string, more: Partial<ReadProvider> = {}): void {
    const body = { name, kind: 'openai', baseUrl: `https://${name}.example.test` };
    const provider = { ...CreateProviderBody.parse(body), createdAt: '2026-01-01T00:00:00.000Z' };
    this.providers.set(name, {
      ...{ name, status: 'healthy', available: true, reason: 'healthy', version: 7, provider },
      ...more,
    });
  }

  read(names: readonly string[]): ProviderReading {
    const providers = names.map((name) => {
      const provider = this.providers.get(name);
      if (provider === undefined)
        throw new DomainError({ type: 'unknown-provider', status: 404, title: name });
      return provider;
    });
    return { providers, now: 0, ageMs: 0, ...(this.isStale ? { stale: true } : {}) };
  }

  acquirePermit(name: string): Promise<ProbePermit> {
    return this.permits(name);
  }

  report(outcome: ProviderOutcome): void {
    this.reported.push(outcome);
  }

  /** `name: success` or `name: class`, in the order reported. */
  get outcomes(): string[] {
    return this.reported.map((of) => `${of.name}: ${'class' in of ? of.class : 'success'}`);
  }
}
