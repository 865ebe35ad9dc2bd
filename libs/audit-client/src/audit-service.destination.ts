import {
  DeliveryRefusedError,
  type OutboxDelivery,
  type OutboxDestination,
  OutboxRelay,
  type OutboxVerdict,
} from '@gatehouse/outbox';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { eventOf, isRefusal } from './append-verdicts.js';
import { AuditServiceClient } from './audit-service.client.js';
import { AUDIT_TOPIC } from './enlisted.writer.js';

const TIMEOUT_MS = 10_000;

/** audit-service, as the place where the outbox delivers its audit events. */
@Injectable()
export class AuditServiceDestination implements OutboxDestination, OnModuleInit {
  readonly topic = AUDIT_TOPIC;
  readonly batchSize = 200;
  /** Half of what a message of the transport may hold. */
  readonly batchLength = 512 * 1024;

  constructor(
    private readonly audit: AuditServiceClient,
    private readonly relay: OutboxRelay,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  async deliver(messages: readonly OutboxDelivery[]): Promise<OutboxVerdict[]> {
    try {
      return await this.audit.append(messages.map(eventOf), TIMEOUT_MS);
    } catch (error) {
      if (isRefusal(error)) throw new DeliveryRefusedError(error.type, { cause: error });
      throw error;
    }
  }
}
