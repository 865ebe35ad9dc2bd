import { HealthDetails } from '@gatehouse/service-bootstrap';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { FindingsRepository } from './findings.repository.js';
import type { FindingSource, LogFinding, SourcedFinding } from './log-finding.js';

/** What is wrong with the log, for every replica to tell: in `/health/ready`, in metrics, and once in the process's log. */
@Injectable()
export class FindingsRecorder implements OnModuleInit {
  private readonly logger = new Logger(FindingsRecorder.name);

  constructor(
    private readonly findings: FindingsRepository,
    private readonly health: HealthDetails,
  ) {}

  onModuleInit(): void {
    // Not a reason to send requests elsewhere: every replica has this log.
    this.health.add('log', async () => ({ findings: await this.findings.list() }));
  }

  /** @param finding undefined when all is well */
  async report(source: FindingSource, finding: LogFinding | undefined): Promise<void> {
    if (finding === undefined) {
      if (await this.findings.remove(source)) this.logger.log({ source }, 'The log is well again');
    } else if (await this.findings.put(source, finding)) {
      this.logger.error({ source, ...finding }, `Something is wrong with the log: ${finding.detail}`);
    }
  }

  list(): Promise<SourcedFinding[]> {
    return this.findings.list();
  }
}
