import { loadScript } from '@gatehouse/redis';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { HEADER, headersOf } from '../messages/message-headers.js';
import type { AnyMessages, MessageMap, PatternOf } from '../messages/message-types.js';
import { SenderIdentity } from '../messages/sender.identity.js';
import { currentTraceparent } from '../messages/trace-context.js';
import { TransportConnections } from '../transport.connections.js';
import { transportError } from '../transport.errors.js';
import type { TransportSettings } from '../transport-options.js';
import { TRANSPORT_SETTINGS } from '../transport.tokens.js';

const publishBroadcast = loadScript(new URL('../../lua/broadcasts/publish-broadcast.lua', import.meta.url));

/**
 * Publishes broadcasts: to every process that receives the pattern, in order.
 * `Broadcaster<AuthBroadcasts>` is checked by the compiler against the contract.
 */
@Injectable()
export class Broadcaster<M extends MessageMap<M> = AnyMessages> {
  constructor(
    private readonly connections: TransportConnections,
    private readonly sender: SenderIdentity,
    @Inject(TRANSPORT_SETTINGS) private readonly settings: TransportSettings,
  ) {}

  /**
   * Change the state that receivers' snapshots read first, then publish. It carries no token: the tail would keep it, and
   * nothing may be left untold while there is none to be had. What a receiver must not take on trust is signed.
   *
   * @returns the sequence of the broadcast, when Redis has numbered and published it
   * @throws DomainError `dependency-unavailable`: it may have been published
   */
  async publish<P extends PatternOf<M>>(
    pattern: P,
    payload: M[P],
  ): Promise<{ generation: string; sequence: number }> {
    try {
      const headers = headersOf({
        [HEADER.messageId]: uuidv7(),
        [HEADER.sender]: this.sender.service,
        [HEADER.traceparent]: currentTraceparent(),
      });
      const { commands, keys } = this.connections;
      const answer = await publishBroadcast.run(
        commands,
        [keys.broadcastPosition(pattern), keys.broadcastTail(pattern)],
        [
          keys.broadcastChannel(pattern),
          uuidv7(),
          this.settings.limits.keptBroadcasts,
          JSON.stringify(headers),
          JSON.stringify(payload ?? null),
        ],
      );
      const [generation, sequence] = answer as [string, string];
      return { generation, sequence: Number(sequence) };
    } catch (error) {
      throw transportError(error);
    }
  }
}
