import { Inject, Injectable, Optional } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { REFUSAL_RECORDER } from './access-control.tokens.js';
import type { RefusalRecorder } from './guards/refusal-recorder.js';
import { RevocationGate } from './revocations/revocation.gate.js';

/**
 * Metrics of what access rests on, in a prom-client registry of their own: serve `registry.metrics()`, or merge it into
 * yours. Those of revocations are missing where these are off, that of refusals where none are recorded.
 */
@Injectable()
export class AccessControlMetrics {
  readonly registry = new Registry();

  constructor(
    private readonly revocations: RevocationGate,
    @Optional() @Inject(REFUSAL_RECORDER) private readonly recorder?: RefusalRecorder,
  ) {
    if (revocations.ageMs() !== undefined) this.tellRevocations();
    if (recorder !== undefined) this.tellRefusals();
  }

  private tellRevocations(): void {
    const registers = [this.registry];
    const age: Gauge = new Gauge({
      name: 'gatehouse_revocations_age_seconds',
      help: 'Since it was certain that no revocation was missed; +Inf before the first load',
      registers,
      collect: () => age.set((this.revocations.ageMs() ?? 0) / 1000),
    });
    const known: Gauge = new Gauge({
      name: 'gatehouse_revocations',
      help: 'Revocations in force that this process knows',
      registers,
      collect: () => known.set(this.revocations.size),
    });
  }

  private tellRefusals(): void {
    const dropped: Counter = new Counter({
      name: 'gatehouse_refusals_dropped_total',
      help: 'Refusals of the guards that the audit trail lacks, since there was no room for them',
      registers: [this.registry],
      collect: () => {
        dropped.reset();
        dropped.inc(this.recorder?.dropped ?? 0);
      },
    });
  }
}
