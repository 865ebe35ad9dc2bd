import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { REDIS, type RedisConnection } from '@gatehouse/redis';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthEnvironment } from '../auth.environment.js';
import { AttemptCounter } from './attempt.counter.js';
import { ADDRESS_LIMIT, type AddressLimit } from './address-limit.decorator.js';
import { clientNetwork } from './client-network.js';
import { type RateLimit, rateLimitHeaders } from './rate-limit.js';

/** Counts requests to a route by address. While Redis is away each process counts for itself. */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  private readonly counters: Record<AddressLimit, AttemptCounter>;

  constructor(
    private readonly reflector: Reflector,
    @Inject(REDIS) redis: RedisConnection,
    { variables, namespace }: AuthEnvironment,
  ) {
    const counter = (name: AddressLimit, limit: RateLimit) =>
      new AttemptCounter(redis, { name: `${name}-address`, limit, namespace, insured: true });
    this.counters = {
      register: counter('register', variables.REGISTER_LIMIT_PER_ADDRESS),
      'password-reset': counter('password-reset', variables.PASSWORD_RESET_LIMIT_PER_ADDRESS),
      token: counter('token', variables.TOKEN_LIMIT_PER_ADDRESS),
    };
  }

  /** @throws TooManyRequestsError (429) */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const limit = this.reflector.get<AddressLimit>(ADDRESS_LIMIT, context.getHandler());
    const { ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const state = await this.counters[limit].count(clientNetwork(ip));
    void context
      .switchToHttp()
      .getResponse<FastifyReply>()
      .headers(rateLimitHeaders([state]));
    return true;
  }
}
