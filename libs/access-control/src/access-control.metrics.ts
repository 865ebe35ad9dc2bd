import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { RevocationGate } from './revocations/revocation.gate.js';

/**
 * Metrics of what access rests on, in a prom-client registry of their own: serve `registry.metrics()`, or merge it into
 * yours. Where revocations are off there are none.
 */
@Injectable()
export class AccessControlMetrics {
  readonly registry = new Registry();

  constructor(revocations: RevocationGate) {
    if (revocations.ageMs() === undefined) return;
    const registers = [this.registry];
    const age: Gauge = new Gauge({
      name: 'gatehouse_revocations_age_seconds',
      help: 'Since it was certain that no revocation was missed; +Inf before the first load',
      registers,
      collect: () => age.set((revocations.ageMs() ?? 0) / 1000),
    });
    const known: Gauge = new Gauge({
      name: 'gatehouse_revocations',
      help: 'Revocations in force that this process knows',
      registers,
      collect: () => known.set(revocations.size),
    });
  }
}
