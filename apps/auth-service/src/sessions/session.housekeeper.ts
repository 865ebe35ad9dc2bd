import { Injectable } from '@nestjs/common';
import { BatchedHousekeeper } from '@gatehouse/database';
import { AuthEnvironment } from '../auth.environment.js';
import { UserAgentRepository } from './user-agent.repository.js';

/** A user agent is noted once a day at most, by a process that asked an hour before at most. */
const NOTED_MS = 25 * 3_600_000;

/** Removes what sessions have left behind in PostgreSQL; those on Redis leave by themselves. */
@Injectable()
export class SessionHousekeeper extends BatchedHousekeeper {
  constructor(
    private readonly userAgents: UserAgentRepository,
    private readonly environment: AuthEnvironment,
  ) {
    super();
  }

  protected remove(most: number): Promise<number> {
    return this.userAgents.removeUnused(this.environment.sessionAbsoluteMs + NOTED_MS, most);
  }
}
