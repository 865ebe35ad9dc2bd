import type { Server } from 'node:http';

export type ServiceKey = 'auth' | 'providerHealth' | 'audit' | 'projects';

export function createGateway(options: {
  /** The origins of the live replicas of a service, asked at each request; undefined for one that is no part. */
  replicasOf: (service: ServiceKey) => readonly string[] | undefined;
  log?: { say(text: string): void };
}): Server;
