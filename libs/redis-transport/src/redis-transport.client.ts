import type { RedisConnection } from '@gatehouse/redis';
import { ClientProxy, type MsPattern, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { Observable } from 'rxjs';
import type { EventPublisher } from './events/event.publisher.js';
import type { PatternOf, RequestMap } from './messages/message-types.js';
import type { SendOptions } from './requests/pending-request.js';
import type { RequestDispatcher } from './requests/request.dispatcher.js';
import type { TransportConnections } from './transport.connections.js';

/**
 * A client whose requests the compiler checks against the contract of the service:
 * `constructor(@Inject(AUDIT_REQUESTS) private readonly audit: RequestClient<AuditRequests>)`.
 */
export interface RequestClient<M extends RequestMap<M>> {
  /**
   * Asks one replica of the service. Sent on subscription, once for each.
   *
   * The observable ends in the answer, or in a `DomainError`: the service's own problem, or `deadline-exceeded`,
   * `overloaded`, `unknown-pattern`, `reply-too-large`, `reply-lost`, `delivery-failed`, `payload-too-large`,
   * `dependency-unavailable`. It never stays silent.
   */
  send<P extends PatternOf<M>>(
    pattern: P,
    payload: M[P]['payload'],
    options?: SendOptions,
  ): Observable<M[P]['answer']>;
}

/** Nest's `ClientProxy` over streams; many share the connections of the process. */
export class RedisTransportClient extends ClientProxy {
  constructor(
    private readonly target: { readonly service: string; readonly idempotent: ReadonlySet<string> },
    private readonly requests: RequestDispatcher,
    private readonly events: EventPublisher,
    private readonly connections: TransportConnections,
  ) {
    super();
  }

  /** Untyped; inject it as `RequestClient<…>` to have it checked. */
  override send<TResult = unknown, TInput = unknown>(
    pattern: MsPattern,
    payload: TInput,
    options: SendOptions = {},
  ): Observable<TResult> {
    return new Observable<TResult>((observer) => {
      const packet = this.createPacket(pattern, payload);
      return this.dispatch(packet, options, this.createObserver(observer));
    });
  }

  /** The connections are opened and closed by the module, in the background. */
  connect(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    // Shared with every other client of the process.
  }

  /** The connection for commands, an ioredis `Redis`, or `Cluster`. */
  unwrap<T = RedisConnection>(): T {
    return this.connections.commands as T;
  }

  protected publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    return this.dispatch(packet, {}, callback);
  }

  protected async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const headers = stringsOf(packet.metadata);
    return (await this.events.emit(this.normalizePattern(packet.pattern as MsPattern), packet.data, {
      traceparent: headers['traceparent'],
    })) as T;
  }

  private dispatch(
    packet: ReadPacket,
    options: SendOptions,
    callback: (packet: WritePacket) => void,
  ): () => void {
    const pattern = this.normalizePattern(packet.pattern as MsPattern);
    const headers = { ...stringsOf(packet.metadata), ...options.headers };
    const { service, idempotent } = this.target;
    return this.requests.dispatch(
      {
        service,
        pattern,
        payload: packet.data as unknown,
        options: { idempotent: idempotent.has(pattern), ...options, headers },
      },
      callback,
    );
  }
}

/** What a dispatch hook of Nest attached to the packet, as far as it can be a header. */
function stringsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const texts = Object.entries(metadata).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value as string]));
}
