import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { RequirePermission } from '@gatehouse/access-control';
import { type OutcomesAnswer, OutcomesBody } from '@gatehouse/provider-health-contracts';
import { OutcomeRecorder } from './outcome.recorder.js';

/** A thousand outcomes, each with the longest message. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

@Controller('v1/providers/outcomes')
export class OutcomesController {
  constructor(private readonly outcomes: OutcomeRecorder) {}

  /** Reports up to 1,000 outcomes of any providers; those of unknown ones are refused one by one, and the others count. */
  @Post()
  @RequirePermission('providers:report')
  @RouteConfig({ bodyLimit: BODY_LIMIT_BYTES })
  @HttpCode(200)
  async report(@Body({ schema: OutcomesBody }) { outcomes }: OutcomesBody): Promise<OutcomesAnswer> {
    return { results: await this.outcomes.record(outcomes) };
  }
}
