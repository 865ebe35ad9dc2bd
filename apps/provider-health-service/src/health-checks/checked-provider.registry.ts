import { Injectable, Logger } from '@nestjs/common';
import { ProviderChecksManager } from '../providers/provider-checks.manager.js';
import type { CheckedProvider } from '../providers/checked-provider.js';

const REFRESH_MS = 2_000;

/** The providers with a check, as PostgreSQL knew them a moment ago; while it is away, as it last did. */
@Injectable()
export class CheckedProviderRegistry {
  private readonly logger = new Logger(CheckedProviderRegistry.name);
  private providers: readonly CheckedProvider[] = [];
  private refreshing = false;
  private nextAt = -Infinity;
  private failed = false;

  constructor(private readonly checks: ProviderChecksManager) {}

  /** Reads them anew in the background when it is time. @param now ms, monotonic */
  known(now: number): readonly CheckedProvider[] {
    if (!this.refreshing && now >= this.nextAt) void this.refresh(now);
    return this.providers;
  }

  private async refresh(now: number): Promise<void> {
    this.refreshing = true;
    try {
      this.providers = await this.checks.checked();
      this.failed = false;
    } catch (error) {
      if (!this.failed) this.logger.warn({ err: error }, 'Health checks go on as they were last set up');
      this.failed = true;
    } finally {
      this.nextAt = now + REFRESH_MS;
      this.refreshing = false;
    }
  }
}
