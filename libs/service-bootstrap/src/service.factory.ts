import helmet from '@fastify/helmet';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { DependencyUnavailableError, type ErrorTranslator, ProblemFilter } from '@gatehouse/problem-details';
import { isRedisUnavailable } from '@gatehouse/redis';
import { connectRedisTransport } from '@gatehouse/redis-transport';
import type { Logger } from 'pino';
import { DrainState } from './health/drain.state.js';
import { createHttpAdapter } from './http.adapter.js';
import { serveOpenApi } from './openapi.document.js';
import { createPino, ServiceLogger } from './service.logger.js';
import { ServiceModule } from './service.module.js';
import { stopOnSignal } from './service.shutdown.js';
import { createValidationPipe } from './validation.pipe.js';

/** What `serviceVariables` of `@gatehouse/environment` parses to, as far as a service's start needs it. */
export interface ServiceEnvironment {
  HOST: string;
  PORT: number;
  LOG_LEVEL: string;
  TRUSTED_PROXIES: readonly string[];
  CORS_ORIGINS: readonly string[];
  SHUTDOWN_GRACE_SECONDS: number;
}

export interface ServiceDefinition {
  /** The name in logs and documents, e.g. `audit-service`. */
  name: string;
  /** Its name on the transport, e.g. `audit`. */
  transport: string;
  /** First part of its routes after the version, e.g. `audit` for `/v1/audit/…`. */
  path: string;
  module: Type | DynamicModule;
  environment: ServiceEnvironment;
}

const databaseAway: ErrorTranslator = (error) =>
  isDatabaseUnavailable(error) ? new DependencyUnavailableError('PostgreSQL', { cause: error }) : undefined;
const redisAway: ErrorTranslator = (error) =>
  isRedisUnavailable(error) ? new DependencyUnavailableError('Redis', { cause: error }) : undefined;

/** Builds a service, wired as in production, without listening: `app.inject` reaches its routes. */
export async function createService(
  definition: ServiceDefinition,
  logger: Logger = createPino(definition.name, definition.environment.LOG_LEVEL),
): Promise<NestFastifyApplication> {
  const { environment } = definition;
  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule.of(definition.module),
    createHttpAdapter({ trustedProxies: environment.TRUSTED_PROXIES, logger }),
    { logger: new ServiceLogger(logger), abortOnError: false },
  );
  await app.register(helmet);
  if (environment.CORS_ORIGINS.length > 0) app.enableCors({ origin: [...environment.CORS_ORIGINS] });
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter([databaseAway, redisAway]));
  serveOpenApi(app, definition.name, `/v1/${definition.path}/openapi.json`);
  connectRedisTransport(app, { service: definition.transport });
  return app;
}

/**
 * Starts a service: it listens and consumes at once, whatever its dependencies do; `/health/ready` tells when they
 * are there. It stops on SIGTERM, SIGINT, or when the process that started it over IPC has gone.
 */
export async function startService(definition: ServiceDefinition): Promise<NestFastifyApplication> {
  const { environment } = definition;
  const logger = createPino(definition.name, environment.LOG_LEVEL);
  const app = await createService(definition, logger);
  stopOnSignal(app, app.get(DrainState), logger, environment.SHUTDOWN_GRACE_SECONDS);
  await app.startAllMicroservices();
  await app.listen(environment.PORT, environment.HOST);
  logger.info({ url: await app.getUrl() }, 'listening');
  return app;
}
