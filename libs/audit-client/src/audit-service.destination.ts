import { AUDIT_APPEND, type AuditRequests } from '@gatehouse/audit-contracts';
import {
  DeliveryRefusedError,
  type OutboxDelivery,
  type OutboxDestination,
  OutboxRelay,
  type OutboxVerdict,
} from '@gatehouse/outbox';
import { DomainError } from '@gatehouse/problem-details';
import type { RequestClient } from '@gatehouse/redis-transport';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { eventOf, verdictsOf } from './append-verdicts.js';
import { AUDIT_REQUESTS } from './audit-client.tokens.js';
import { AUDIT_TOPIC } from './audit.writer.js';

const TIMEOUT_MS = 10_000;

/** Answers that the same batch would get again. Not 401 and 403: an identity or a permission may yet come. */
const REFUSALS = new Set([400, 413, 422]);

/** audit-service, as the place where the outbox delivers its audit events. */
@Injectable()
export class AuditServiceDestination implements OutboxDestination, OnModuleInit {
  readonly topic = AUDIT_TOPIC;
  readonly batchSize = 200;
  /** Half of what a message of the transport may hold. */
  readonly batchLength = 512 * 1024;

  constructor(
    @Inject(AUDIT_REQUESTS) private readonly audit: RequestClient<AuditRequests>,
    private readonly relay: OutboxRelay,
  ) {}

  onModuleInit(): void {
    this.relay.register(this);
  }

  async deliver(messages: readonly OutboxDelivery[]): Promise<OutboxVerdict[]> {
    const answer = this.audit.send(
      AUDIT_APPEND,
      { events: messages.map(eventOf) },
      { timeoutMs: TIMEOUT_MS },
    );
    try {
      const { results } = await firstValueFrom(answer);
      return verdictsOf(messages, results);
    } catch (error) {
      if (error instanceof DomainError && REFUSALS.has(error.status)) {
        throw new DeliveryRefusedError(error.type, { cause: error });
      }
      throw error;
    }
  }
}
