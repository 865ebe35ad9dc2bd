import { hostname } from 'node:os';
import type { RedisConnection } from '@gatehouse/redis';
import { Inject, Injectable } from '@nestjs/common';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { v7 as uuidv7 } from 'uuid';
import { ConsumerGroup, type ConsumerGroupNames } from './streams/consumer.group.js';
import { GroupHousekeeper } from './streams/group.housekeeper.js';
import { EventConsumer } from './events/event.consumer.js';
import { OnceKeeper } from './idempotency/once.keeper.js';
import { HEADER } from './messages/message-headers.js';
import { RedisTransportMetrics } from './redis-transport.metrics.js';
import { DeadlineKeeper } from './requests/deadline.keeper.js';
import { type Invoke, RequestConsumer } from './requests/request.consumer.js';
import { type DeliveryHandler, StreamConsumer } from './streams/stream.consumer.js';
import { withTraceparent } from './messages/trace-context.js';
import { TransportConnections } from './transport.connections.js';
import { ownerOf } from './transport-keys.js';
import type { TransportSettings } from './transport-options.js';
import { TRANSPORT_SETTINGS } from './transport.tokens.js';

/** `transportId` of the server, for `@MessagePattern(pattern, REDIS_STREAMS)` in an application with several. */
export const REDIS_STREAMS = Symbol('REDIS_STREAMS');

/** Changes of the connection, on `status`. */
export type TransportStatus = 'connected' | 'disconnected';

/**
 * Nest's server over streams: the requests to this service, and the events of every owner for which a handler asks.
 * Listening never waits for Redis.
 */
@Injectable()
export class RedisTransportServer
  extends Server<Record<string, (...args: unknown[]) => void>, TransportStatus>
  implements CustomTransportStrategy
{
  override readonly transportId = REDIS_STREAMS;
  /** A failed event is reported here, and delivered again. */
  override readonly propagatesEventHandlerErrors = true;
  /** Name of this process among the consumers of every group. */
  readonly consumer: string;
  private consumers: StreamConsumer[] = [];
  private housekeepers: GroupHousekeeper[] = [];

  constructor(
    private readonly connections: TransportConnections,
    private readonly metrics: RedisTransportMetrics,
    @Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings,
  ) {
    super();
    this.consumer = `${settings.service}:${hostname()}:${process.pid}:${uuidv7()}`;
    connections.subscriber.on('ready', () => this._status$.next('connected'));
    connections.subscriber.on('close', () => this._status$.next('disconnected'));
    // It was opened before, and may be ready already.
    if (connections.subscriber.status === 'ready') this._status$.next('connected');
  }

  get service(): string {
    return this.settings.service;
  }

  /** What is being consumed, one for each stream. */
  get streams(): readonly StreamConsumer[] {
    return this.consumers;
  }

  listen(callback: () => void): void {
    const { keys } = this.connections;
    const { service, limits } = this.settings;
    const deadlines = new DeadlineKeeper(this.connections.commands, keys.requests(service));
    const invoke: Invoke = (handler, data, context, work) => this.invoke(handler, data, context, work);
    this.consume(
      { stream: keys.requests(service), deadLetters: keys.deadRequests(service), deleteDone: true },
      (once) => new RequestConsumer(this.messageHandlers, invoke, once, deadlines, limits),
    );
    for (const owner of this.eventOwners()) {
      const names = { stream: keys.events(owner), deadLetters: keys.deadEvents(owner, service) };
      this.consume(
        { ...names, deleteDone: false },
        (once) => new EventConsumer(service, this.messageHandlers, invoke, once, limits),
        keys.eventKeys(owner),
      );
    }
    for (const part of [...this.consumers, ...this.housekeepers]) part.start();
    callback();
  }

  /** Stops reading, finishes what is in hand, acknowledges it, and leaves the groups. */
  async close(): Promise<void> {
    await Promise.all(this.housekeepers.map((housekeeper) => housekeeper.stop()));
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  on(event: string, callback: (...args: unknown[]) => void): void {
    this.connections.commands.on(event, callback);
  }

  /** The connection for commands, an ioredis `Redis`, or `Cluster`. */
  unwrap<T = RedisConnection>(): T {
    return this.connections.commands as T;
  }

  private consume(
    stream: Pick<ConsumerGroupNames, 'stream' | 'deadLetters' | 'deleteDone'>,
    handlerOf: (once: OnceKeeper) => DeliveryHandler,
    keys?: string,
  ): void {
    const { commands } = this.connections;
    const { limits } = this.settings;
    const names = { ...stream, group: this.service, consumer: this.consumer };
    const group = new ConsumerGroup(commands, names);
    const blocking = this.connections.openBlocking(names.stream);
    const handler = handlerOf(new OnceKeeper(commands, names, limits.idempotencyWindowMs));
    const consumer: StreamConsumer = new StreamConsumer(
      group,
      { commands, blocking },
      limits,
      handler,
      this.metrics.forStream({
        stream: names.stream,
        inFlight: () => consumer.inFlight,
        backlog: () => group.backlog(),
      }),
    );
    this.consumers.push(consumer);
    this.housekeepers.push(new GroupHousekeeper(group, commands, limits, keys));
  }

  private eventOwners(): Set<string> {
    const events = [...this.messageHandlers].filter(([, handler]) => handler.isEventHandler === true);
    return new Set(events.map(([pattern]) => ownerOf(pattern)));
  }

  private invoke(
    handler: MessageHandler,
    data: unknown,
    context: Parameters<Invoke>[2],
    work: Parameters<Invoke>[3],
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      // Also where several messages are taken in one turn, each runs on behalf of its own trace.
      withTraceparent(context.getHeader(HEADER.traceparent), () =>
        this.runWithProcessingHooks(context, async (runEndHook) => {
          try {
            await work(this.transformToObservable(await handler(data, context)));
            resolve();
          } catch (error) {
            reject(error instanceof Error ? error : new Error('A handler failed', { cause: error }));
          } finally {
            runEndHook();
          }
        }),
      );
    });
  }
}
