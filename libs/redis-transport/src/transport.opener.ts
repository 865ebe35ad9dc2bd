import { BroadcastReceiver } from './broadcasts/broadcast.receiver.js';
import { EventPublisher } from './events/event.publisher.js';
import type { AnyMessages, MessageMap } from './messages/message-types.js';
import { SenderIdentity } from './messages/sender.identity.js';
import { RedisTransportClients } from './redis-transport.clients.js';
import { RedisTransportMetrics } from './redis-transport.metrics.js';
import { ReplyChannel } from './requests/reply.channel.js';
import { RequestDispatcher } from './requests/request.dispatcher.js';
import { MessagePublisher } from './streams/message.publisher.js';
import { TransportConnections } from './transport.connections.js';
import { type RedisTransportOptions, transportSettings } from './transport-options.js';

/** A transport outside `RedisTransportModule`: it asks and listens, and handles nothing. */
export interface OpenTransport<M extends MessageMap<M> = AnyMessages> {
  receiver: BroadcastReceiver<M>;
  clients: RedisTransportClients;
  close(): Promise<void>;
}

/** For a process, or a library in it, that is no consumer of its own. It waits for Redis for two seconds at most. */
export async function openTransport<M extends MessageMap<M> = AnyMessages>(
  options: RedisTransportOptions,
): Promise<OpenTransport<M>> {
  const settings = transportSettings(options);
  const connections = await new TransportConnections(settings).open();
  const messages = new MessagePublisher(connections, settings);
  const sender = new SenderIdentity(settings);
  const replies = new ReplyChannel(connections);
  const requests = new RequestDispatcher(messages, replies, sender, new RedisTransportMetrics(), settings);
  const receiver = new BroadcastReceiver<M>(connections, settings);
  return {
    receiver,
    clients: new RedisTransportClients(requests, new EventPublisher(messages, sender), connections),
    close: async () => {
      await receiver.onApplicationShutdown();
      requests.onApplicationShutdown();
      connections.onApplicationShutdown();
    },
  };
}
