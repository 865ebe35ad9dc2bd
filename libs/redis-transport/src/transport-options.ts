import type { RedisSettings } from '@gatehouse/redis';

/** What a process says once about itself: `RedisTransportModule.forRootAsync`. */
export interface RedisTransportOptions {
  /** Name of the service on the transport: requests to it, and the group in which its replicas share work. */
  service: string;
  redis: RedisSettings;
  /** First part of every key and channel; another one is another world. Default `gatehouse`. */
  namespace?: string;
  /** Gives this service's own access token, sent as `authorization` where no caller's token is given. */
  identity?: () => Promise<string>;
  limits?: Partial<TransportLimits>;
}

/** Bounds, with defaults that suit three services on one Redis. Times in milliseconds. */
export interface TransportLimits {
  /** How long a caller waits where `send` says nothing else; the deadline is now plus this. */
  requestTimeoutMs: number;
  /** Messages at work at the same time, for each stream that the process consumes. */
  maxInFlight: number;
  /** Most entries taken in one read. */
  batchSize: number;
  /** How long one read waits for something to come. */
  blockMs: number;
  /** Work of a consumer that said nothing for this long is taken over by another. A failed event waits as long. */
  claimIdleMs: number;
  /** After so many deliveries a message goes to the dead letters. */
  maxDeliveries: number;
  /** For how long the answer of an `@Idempotent()` handler is kept. */
  idempotencyWindowMs: number;
  /** Dead letters kept of one stream and group; the oldest make room, which is logged and counted. */
  maxDeadLetters: number;
  /** Requests that may wait for one service before `send` is refused as `overloaded`. */
  maxQueuedRequests: number;
  /** Events of one owner that may be kept for its slowest subscriber before `emit` is refused. */
  maxQueuedEvents: number;
  /** Bytes of JSON that one reply may have. */
  maxReplyBytes: number;
  /** Bytes of JSON that the payload of one message may have. */
  maxPayloadBytes: number;
  /** How long `close` waits for the handlers at work. */
  drainMs: number;
  /** Every so often dead consumers are removed and what every group has done is trimmed. */
  housekeepingMs: number;
  /** A consumer with nothing pending that was silent for this long is removed. */
  deadConsumerMs: number;
  /** Broadcasts of one pattern that are kept for receivers that missed some. */
  keptBroadcasts: number;
  /** Every so often a receiver of broadcasts asks how far it should be. */
  broadcastCheckMs: number;
}

const MEBIBYTE = 1_048_576;

export const DEFAULT_LIMITS: Readonly<TransportLimits> = {
  requestTimeoutMs: 10_000,
  maxInFlight: 128,
  batchSize: 32,
  blockMs: 1_000,
  claimIdleMs: 4_000,
  maxDeliveries: 5,
  idempotencyWindowMs: 600_000,
  maxDeadLetters: 10_000,
  maxQueuedRequests: 10_000,
  maxQueuedEvents: 100_000,
  maxReplyBytes: MEBIBYTE,
  maxPayloadBytes: MEBIBYTE,
  drainMs: 20_000,
  housekeepingMs: 1_000,
  deadConsumerMs: 60_000,
  keptBroadcasts: 1_000,
  broadcastCheckMs: 1_000,
};

/** The options with every default filled in. */
export interface TransportSettings {
  readonly service: string;
  readonly redis: RedisSettings;
  readonly namespace: string;
  readonly identity?: () => Promise<string>;
  readonly limits: Readonly<TransportLimits>;
}

const NAME = /^[a-z][a-z0-9-]*$/;

/** @throws TypeError when a name would not make a key that is read as one, e.g. holds a brace or a colon */
export function transportSettings(options: RedisTransportOptions): TransportSettings {
  const { service, redis, namespace = 'gatehouse', identity } = options;
  for (const name of [service, namespace]) {
    if (!NAME.test(name)) throw new TypeError(`"${name}" is no name for the transport: a-z, 0-9 and - only`);
  }
  return { service, redis, namespace, identity, limits: { ...DEFAULT_LIMITS, ...options.limits } };
}
