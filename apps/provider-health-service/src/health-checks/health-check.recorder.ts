import { Injectable, Logger } from '@nestjs/common';
import { OutcomeRecorder } from '../health-tracking/outcome.recorder.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { lastOutcomeAt, toOutcome } from './check-report.js';
import type { CheckFinding } from './check-outcome.js';
import { CheckClaimRepository } from './check-claim.repository.js';
import type { CheckClaim } from './check-claim.js';
import { HealthChecksMetrics } from './health-checks.metrics.js';
import { SelfSuspicion } from './self-suspicion.js';

/** A sign of the replica's own network holds for so many intervals. */
const SIGN_INTERVALS = 2;

/** Has what scheduled checks found counted, unless this replica has reason to doubt itself. */
@Injectable()
export class HealthCheckRecorder {
  private readonly logger = new Logger(HealthCheckRecorder.name);
  private readonly suspicion = new SelfSuspicion();
  private readonly said = new Map<string, string>();

  constructor(
    private readonly claims: CheckClaimRepository,
    private readonly outcomes: OutcomeRecorder,
    private readonly metrics: HealthChecksMetrics,
  ) {}

  /** Of all providers that this replica checked it reached none: it writes nothing until it reaches one. */
  get suspectsItself(): boolean {
    return this.suspicion.suspected;
  }

  async record({ provider, slot, version }: CheckClaim, finding: CheckFinding): Promise<void> {
    if (finding.class === 'cancelled') return;
    const { name, healthCheck } = provider;
    if (finding.class === 'client') return this.sayOnce(name, finding.message ?? '');
    this.said.delete(name);
    if (!this.isBelievable(finding, healthCheck.intervalSeconds * 1000)) return;
    try {
      // A slot counts once, and none after a later one.
      const numbering = { reporter: `check:${name}`, sequence: slot };
      const reading = await this.outcomes.recordNumbered(
        { name, ...toOutcome(finding, { version }) },
        numbering,
      );
      if (reading !== undefined) await this.claims.noteRecorded(name, lastOutcomeAt(reading.provider));
    } catch (error) {
      // Removed while it was checked.
      if (!(error instanceof UnknownProviderError)) throw error;
    }
  }

  private isBelievable(finding: CheckFinding, intervalMs: number): boolean {
    const unreached = finding.class === 'network' || finding.class === 'timeout';
    const before = this.suspicion.suspected;
    const believable = this.suspicion.note({
      ...{ provider: finding.name, reached: !unreached || finding.httpStatus !== undefined },
      ...{ at: performance.now(), validMs: SIGN_INTERVALS * intervalMs },
    });
    if (before !== this.suspicion.suspected) {
      this.metrics.suspects(this.suspicion.suspected);
      if (this.suspicion.suspected)
        this.logger.error(
          'This replica reaches no provider: it doubts its own network and counts no failure',
        );
      else this.logger.log('This replica reaches a provider again, and counts what checks find');
    }
    return believable;
  }

  /** The check is set up wrongly: that says nothing of the provider. */
  private sayOnce(name: string, message: string): void {
    if (this.said.get(name) === message) return;
    this.said.set(name, message);
    this.logger.warn(
      { provider: name, reason: message },
      'A health check is set up wrongly and counts for nothing',
    );
  }
}
