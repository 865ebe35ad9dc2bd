import { Injectable, Logger } from '@nestjs/common';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { DataSource } from 'typeorm';
import { IncidentRecorder } from '../incidents/incident.recorder.js';
import { WebhookPublisher } from '../webhooks/webhook.publisher.js';
import type { Misconfiguration } from './transition-record.js';
import { TransitionAnnouncer } from './transition.announcer.js';
import { TransitionRepository } from './transition.repository.js';

/**
 * Writes a transition down, once: history, incident, audit event, the event for other services and what webhooks are told,
 * in one transaction.
 */
@Injectable()
export class TransitionRecorder {
  private readonly logger = new Logger(TransitionRecorder.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly transitions: TransitionRepository,
    private readonly incidents: IncidentRecorder,
    private readonly announcer: TransitionAnnouncer,
    private readonly webhooks: WebhookPublisher,
  ) {}

  /** Alerts: somebody has to mend what is set up. Once, as a transition. */
  async recordMisconfiguration(found: Misconfiguration): Promise<void> {
    const { provider, misconfigured, at } = found;
    const isNew = await this.dataSource.transaction(async (manager) => {
      if (!(await this.transitions.insertMisconfiguration(manager, provider, new Date(at)))) return false;
      await this.announcer.announceMisconfiguration(manager, found);
      return true;
    });
    if (isNew) this.logger.error({ provider, misconfigured }, 'A provider cannot be called as it is set up');
  }

  /**
   * @param stands whether Redis still has it: one that it lost was laid down anew, as it was recorded before, and comes to
   * nothing
   */
  async record(change: StatusChange, stands: () => Promise<boolean>): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const row = { ...change, at: new Date(change.at) };
      const isNew = await this.transitions.insertOnce(manager, row, stands);
      if (!isNew) return;
      const incident = await this.incidents.record(manager, change);
      await this.announcer.announce(manager, change);
      await this.webhooks.publish(manager, change, incident);
    });
    this.webhooks.committed();
  }
}
