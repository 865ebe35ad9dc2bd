import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequirePermission } from '@gatehouse/access-control';
import {
  AskProvider,
  AskResponseTimes,
  AskSnapshot,
  type OutcomesAnswer,
  type ProviderStatus,
  RecordOutcomes,
  type ResponseTimesAnswer,
  type SnapshotAnswer,
} from '@gatehouse/provider-health-contracts';
import { OutcomeRecorder } from './outcome.recorder.js';
import { ProviderHealthTracker } from './provider-health.tracker.js';
import { SnapshotFeed } from './snapshot.feed.js';

/** For other services, whose clients hold what is known in their own process. */
@Controller()
export class HealthTrackingConsumer {
  constructor(
    private readonly tracker: ProviderHealthTracker,
    private readonly outcomes: OutcomeRecorder,
    private readonly snapshots: SnapshotFeed,
  ) {}

  @MessagePattern('providers.snapshot')
  @RequirePermission('providers:read')
  snapshot(@Payload({ schema: AskSnapshot }) _of: AskSnapshot): Promise<SnapshotAnswer> {
    return this.snapshots.snapshot();
  }

  @MessagePattern('providers.response-times')
  @RequirePermission('providers:read')
  responseTimes(@Payload({ schema: AskResponseTimes }) _of: AskResponseTimes): ResponseTimesAnswer {
    return this.snapshots.responseTimeAnswer();
  }

  @MessagePattern('providers.status')
  @RequirePermission('providers:read')
  status(@Payload({ schema: AskProvider }) { name }: AskProvider): Promise<ProviderStatus> {
    return this.tracker.getProviderStatus(name);
  }

  /** Sent again it changes nothing, as the outcomes are numbered. */
  @MessagePattern('providers.record-outcomes')
  @RequirePermission('providers:report')
  async record(
    @Payload({ schema: RecordOutcomes }) { outcomes, ...numbering }: RecordOutcomes,
  ): Promise<OutcomesAnswer> {
    return { results: await this.outcomes.record(outcomes, numbering) };
  }
}
