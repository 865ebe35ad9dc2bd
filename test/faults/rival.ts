import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import { Broadcaster, RedisTransportModule, RedisTransportServer } from '@gatehouse/redis-transport';
import type { TestRedisSettings } from '../support/redis.js';

/** What it answers in the place of auth-service; undefined is no answer in time. */
export type Lie = (pattern: string, question: { nonce: string; after?: string }) => unknown;

/**
 * Somebody on Redis who is not auth-service: takes its requests from the stream, as one of its replicas would, answers
 * them, and broadcasts in its name. All that it lacks is a signing key.
 */
export class Rival {
  answered = 0;
  private constructor(
    readonly broadcaster: Broadcaster<AuthBroadcasts>,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(redis: TestRedisSettings, lie: Lie): Promise<Rival> {
    const answer = (pattern: string, question: { nonce: string; after?: string }) => {
      rival.answered++;
      return lie(pattern, question);
    };
    @Controller()
    class LiesController {
      @MessagePattern('auth.revocations')
      revocations(@Payload() question: { nonce: string }) {
        return answer('auth.revocations', question);
      }

      @MessagePattern('auth.permission-map')
      map(@Payload() question: { nonce: string }) {
        return answer('auth.permission-map', question);
      }
    }
    @Module({
      imports: [RedisTransportModule.forRootAsync({ useFactory: () => ({ service: 'auth', redis }) })],
      controllers: [LiesController],
    })
    class RivalModule {}
    const app = await NestFactory.create(RivalModule, new FastifyAdapter(), { logger: false });
    app.connectMicroservice({ strategy: app.get(RedisTransportServer) });
    const rival = new Rival(app.get<Broadcaster<AuthBroadcasts>>(Broadcaster), () => app.close());
    await app.startAllMicroservices();
    return rival;
  }

  /** Whatever it likes, whether or not the contract has it. */
  async broadcast(pattern: keyof AuthBroadcasts, payload: unknown): Promise<void> {
    await this.broadcaster.publish(pattern, payload as never);
  }

  stop(): Promise<void> {
    return this.close();
  }
}
