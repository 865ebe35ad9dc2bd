export { type BroadcastFeed, type BroadcastHandler } from './broadcasts/broadcast.feed.js';
export { BroadcastReceiver } from './broadcasts/broadcast.receiver.js';
export { connectRedisTransport } from './connect-redis.transport.js';
export type { EventHandlerOptions } from './events/event.consumer.js';
export type { DeadLetter, FailedDelivery } from './dead-letters/dead-letter.js';
export {
  DeadLetterBox,
  type DeadLetterBoxName,
  findDeadLetterBoxes,
} from './dead-letters/dead-letter.box.js';
export { type EmitOptions, EventPublisher } from './events/event.publisher.js';
export { Idempotent } from './idempotency/idempotent.decorator.js';
export { HEADER, type MessageHeaders } from './messages/message-headers.js';
export type {
  AnyMessages,
  AnyRequests,
  MessageMap,
  PatternOf,
  RequestMap,
} from './messages/message-types.js';
export { Broadcaster } from './broadcasts/message.broadcaster.js';
export { type OpenTransport, openTransport } from './transport.opener.js';
export { RedisTransportClients } from './redis-transport.clients.js';
export { RedisTransportClient, type RequestClient } from './redis-transport.client.js';
export { RedisTransportContext } from './redis-transport.context.js';
export { RedisTransportMetrics } from './redis-transport.metrics.js';
export { RedisTransportHealth, type StreamHealth, type TransportHealth } from './redis-transport.health.js';
export {
  type RedisTransportAsyncOptions,
  type RedisTransportClientOptions,
  RedisTransportModule,
} from './redis-transport.module.js';
export { REDIS_STREAMS, RedisTransportServer, type TransportStatus } from './redis-transport.server.js';
export type { SendOptions } from './requests/pending-request.js';
export { currentTraceparent, withTraceparent } from './messages/trace-context.js';
export { DEFAULT_LIMITS, type RedisTransportOptions, type TransportLimits } from './transport-options.js';
export {
  DeadlineExceededError,
  DeliveryFailedError,
  IdempotencyConflictError,
  MessageTooLargeError,
  OverloadedError,
  ReplyLostError,
  ReplyTooLargeError,
  UnknownPatternError,
} from './transport.errors.js';
