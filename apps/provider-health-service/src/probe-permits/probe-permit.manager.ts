import { Injectable } from '@nestjs/common';
import type { ProbePermit } from '@gatehouse/provider-health-contracts';
import { v7 as uuidv7 } from 'uuid';
import { HealthManager } from '../health-tracking/health.manager.js';
import { NoPermitError } from './probe-permits.errors.js';

/** Nobody knows when an operator lets go of a provider. */
const ASK_AGAIN_MS = 30_000;

/** Who may try a half-open provider: so many at a time in the whole fleet. */
@Injectable()
export class ProbePermitManager {
  constructor(private readonly health: HealthManager) {}

  /** @throws NoPermitError, UnknownProviderError */
  async acquire(name: string): Promise<ProbePermit> {
    const permit = uuidv7();
    const { answer, now } = await this.health.acquirePermit(name, permit);
    switch (answer.kind) {
      case 'unneeded':
        return { permit: null, expiresAt: null };
      case 'granted':
        return { permit, expiresAt: new Date(answer.expiresAt).toISOString() };
      case 'refused':
        throw new NoPermitError(name, (answer.retryAt ?? now + ASK_AGAIN_MS) - now);
    }
  }
}
