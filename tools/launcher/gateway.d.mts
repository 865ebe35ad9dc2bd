import type { Server } from 'node:http';

export type ServiceKey = 'auth' | 'providerHealth' | 'audit';

export function createGateway(options: {
  /** The origins of the live replicas of a service, asked at each request. */
  replicasOf: (service: ServiceKey) => readonly string[];
  log?: { say(text: string): void };
}): Server;
