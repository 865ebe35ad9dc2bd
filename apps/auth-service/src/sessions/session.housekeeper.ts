import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { AuthEnvironment } from '../auth.environment.js';
import { inBatches } from './in-batches.js';
import { UserAgentRepository } from './user-agent.repository.js';

const EVERY_MS = 10 * 60_000;
const AT_ONCE = 500;
/** A user agent is noted once a day at most, by a process that asked an hour before at most. */
const NOTED_MS = 25 * 3_600_000;

/** Removes what sessions have left behind in PostgreSQL; those on Redis leave by themselves. */
@Injectable()
export class SessionHousekeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SessionHousekeeper.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly userAgents: UserAgentRepository,
    private readonly environment: AuthEnvironment,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tidy(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** One run; an error is logged, and the next comes all the same. */
  async tidy(): Promise<void> {
    try {
      const unusedMs = this.environment.sessionAbsoluteMs + NOTED_MS;
      await inBatches(AT_ONCE, (most) => this.userAgents.removeUnused(unusedMs, most));
    } catch (error) {
      if (!isDatabaseUnavailable(error))
        this.logger.error({ err: error }, 'Could not remove old user agents');
    }
  }
}
