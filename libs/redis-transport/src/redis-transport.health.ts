import { demandAnswer } from '@gatehouse/redis';
import { Injectable } from '@nestjs/common';
import { addedAt } from './messages/message.js';
import { RedisTransportServer } from './redis-transport.server.js';
import { RequestDispatcher } from './requests/request.dispatcher.js';
import { TransportConnections } from './transport.connections.js';

/** How one stream that this process consumes is doing. */
export interface StreamHealth {
  stream: string;
  /** At work in this process. */
  inFlight: number;
  /** Messages that wait for the service, and those that its replicas are at work on. */
  length: number;
  /** Taken by some replica and not ended. */
  pending: number;
  /** Age in milliseconds of the oldest message that no replica has taken; 0 when none waits. */
  oldestWaitingMs: number;
}

export interface TransportHealth {
  /** Requests of this process that wait for their answer. */
  awaitingReplies: number;
  streams: StreamHealth[];
}

/** Whether the transport works, and how far its consumers are behind. */
@Injectable()
export class RedisTransportHealth {
  constructor(
    private readonly connections: TransportConnections,
    private readonly server: RedisTransportServer,
    private readonly requests: RequestDispatcher,
  ) {}

  /** Rejects at once, or after five seconds, when Redis does not answer or the replies' connection is cut. */
  async check(): Promise<TransportHealth> {
    await demandAnswer(this.connections.commands);
    if (this.connections.subscriber.status !== 'ready') throw new Error('Connection is closed.');
    const streams = this.server.streams.map(async ({ group, inFlight }) => {
      const { length, pending, oldestWaiting } = await group.backlog();
      const oldestWaitingMs =
        oldestWaiting === undefined ? 0 : Math.max(0, Date.now() - addedAt(oldestWaiting));
      return { stream: group.names.stream, inFlight, length, pending, oldestWaitingMs };
    });
    return { awaitingReplies: this.requests.inFlight, streams: await Promise.all(streams) };
  }
}
