import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { PasswordPlaces } from '../passwords/password.places.js';

const LOGIN = '/v1/auth/login';

/**
 * Refuses a login that there is no room for before its body is read: in a flood most of what the process can do would
 * else go into reading what is refused.
 */
@Injectable()
export class FloodGate implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly places: PasswordPlaces,
  ) {}

  onModuleInit(): void {
    // After the hooks that give an answer its headers.
    this.host.httpAdapter
      .getInstance<FastifyInstance>()
      .addHook('preParsing', (request, _reply, _body, done) => {
        try {
          if (request.routeOptions.url === LOGIN) this.places.demandRoom();
          done();
        } catch (error) {
          done(error as Error);
        }
      });
  }
}
