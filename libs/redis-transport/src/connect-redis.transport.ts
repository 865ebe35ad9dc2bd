import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { RedisTransportServer } from './redis-transport.server.js';

/**
 * Makes the application a consumer: requests to the service and the events that its handlers ask for. The
 * `RedisTransportModule` must be among its imports. Call it after global pipes, guards, interceptors and filters
 * were set, and before `app.startAllMicroservices()`, which begins to read.
 *
 * The handlers run with the configuration of the application (`inheritAppConfig`), so that its guards hold.
 *
 * @throws TypeError when the module was set up for another service
 */
export function connectRedisTransport(
  app: INestApplication,
  { service }: { service: string },
): INestMicroservice {
  const strategy = app.get(RedisTransportServer, { strict: false });
  if (strategy.service !== service) {
    throw new TypeError(`The transport was set up for "${strategy.service}", not for "${service}"`);
  }
  return app.connectMicroservice({ strategy }, { inheritAppConfig: true });
}
