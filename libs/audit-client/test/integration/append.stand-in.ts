import type { AppendResult, AuditEvent } from '@gatehouse/audit-contracts';
import { ProblemFilter, ValidationFailedError } from '@gatehouse/problem-details';
import {
  connectRedisTransport,
  RedisTransportContext,
  RedisTransportModule,
} from '@gatehouse/redis-transport';
import { Controller, type INestApplication } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { testRedisSettings } from '../../../../test/support/redis.js';

/** The transport of a service, with a token of its own. */
export const transportOf = (service: string, namespace: string, redis = testRedisSettings()) =>
  RedisTransportModule.forRootAsync({
    useFactory: () => ({
      ...{ service, redis, namespace },
      identity: () => Promise.resolve(`token-of-${service}`),
    }),
  });

/** What audit-service answers over the transport, without its log: events are kept by id. */
export class AppendStandIn {
  readonly stored = new Map<string, AuditEvent & { seq: number }>();
  readonly authorizations = new Set<string | undefined>();
  /** Batches that came. */
  deliveries = 0;

  async start(namespace: string): Promise<INestApplication> {
    const append = (events: AuditEvent[], context: RedisTransportContext) => this.append(events, context);
    @Controller()
    class AppendController {
      @MessagePattern('audit.append')
      append(@Payload() { events }: { events: AuditEvent[] }, @Ctx() context: RedisTransportContext) {
        return { results: append(events, context) };
      }

      @EventPattern<string>('audit.recorded')
      record(@Payload() event: AuditEvent, @Ctx() context: RedisTransportContext) {
        append([event], context);
      }
    }
    const module = await Test.createTestingModule({
      imports: [transportOf('audit', namespace)],
      controllers: [AppendController],
    }).compile();
    const app: INestApplication = module.createNestApplication(new FastifyAdapter());
    app.useGlobalFilters(new ProblemFilter());
    connectRedisTransport(app, { service: 'audit' });
    await app.startAllMicroservices();
    await app.init();
    return app;
  }

  private append(events: AuditEvent[], context: RedisTransportContext): AppendResult[] {
    this.deliveries++;
    this.authorizations.add(context.getHeader('authorization'));
    if (events.some(({ action }) => action === 'test.invalid')) throw new ValidationFailedError([]);
    return events.map((event): AppendResult => {
      if (event.action === 'test.malformed') return { id: event.id, error: 'malformed' };
      const seq = this.stored.get(event.id)?.seq ?? this.stored.size;
      this.stored.set(event.id, { ...event, seq });
      return { id: event.id, seq, leafHash: 'aGFzaA==' };
    });
  }
}
