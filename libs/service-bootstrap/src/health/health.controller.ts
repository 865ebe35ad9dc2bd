import { Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import { Public } from '@gatehouse/access-control';
import type { FastifyReply } from 'fastify';
import { ReadinessService } from './readiness.service.js';

/** The probes of an orchestrator. Not problem+json: a probe reads the status, a person reads which part is down. */
@ApiExcludeController()
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: ReadinessService,
  ) {}

  /** The process turns its event loop; a restart would not help with anything else. */
  @Get('live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** Whether requests should be sent here, and if not, why. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    void reply.header('cache-control', 'no-store');
    try {
      return await this.health.check(this.readiness.checks());
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse();
    }
  }
}
