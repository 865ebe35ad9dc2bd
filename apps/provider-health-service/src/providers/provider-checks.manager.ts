import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import { ValidationFailedError } from '@gatehouse/problem-details';
import { HealthCheck, type HealthCheckSchedule } from '@gatehouse/provider-health-contracts';
import { DataSource } from 'typeorm';
import type { CheckedProvider } from './checked-provider.js';
import { ProviderRepository } from './provider.repository.js';
import { NoHealthCheckError, UnknownProviderError } from './providers.errors.js';

/** How and when providers are checked. */
@Injectable()
export class ProviderChecksManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ProviderRepository,
    private readonly audit: SecurityAudit,
  ) {}

  /** The providers that have a check. */
  checked(): Promise<CheckedProvider[]> {
    return this.providers.listChecked();
  }

  /**
   * Changes when a provider is checked; what the schedule leaves out stays.
   * @throws UnknownProviderError
   * @throws NoHealthCheckError
   * @throws ValidationFailedError when the timeout is longer than the interval then
   */
  async schedule(name: string, schedule: HealthCheckSchedule, by: Principal): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const provider = await this.providers.lock(manager, name);
      if (provider === null) throw new UnknownProviderError(name);
      if (provider.healthCheck === null) throw new NoHealthCheckError(name);
      const { intervalSeconds, timeoutMs, jitter, suppressWhenTraffic } = {
        ...provider.healthCheck,
        ...schedule,
      };
      const next = { intervalSeconds, timeoutMs, jitter, suppressWhenTraffic };
      const parsed = HealthCheck.safeParse({ ...provider.healthCheck, ...next });
      if (!parsed.success) throw new ValidationFailedError(parsed.error.issues.map(toProblem));
      await this.providers.setHealthCheck(manager, name, parsed.data);
      await this.audit.enlist(manager).logAdminEvent({
        action: 'provider.checks-scheduled',
        outcome: 'success',
        actor: { type: by.type, id: by.id },
        target: { type: 'provider', id: name },
        details: next,
        context: { sessionId: by.sessionId },
      });
    });
  }
}

const toProblem = ({ path, message }: { path: PropertyKey[]; message: string }) => ({
  path: ['schedule', ...path].join('.'),
  message,
});
