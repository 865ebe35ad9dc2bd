import { connect } from 'node:net';
import { guardedLookup } from './guarded-lookup.js';
import { OutboundFailure, toOutboundFailure } from './outbound-failure.js';
import { type OutboundOptions, systemResolve } from './outbound-options.js';
import { refuseForbiddenLiteral } from './outbound-target.js';

export interface TcpTarget {
  /** A name or an IP address, an IPv6 address without brackets. */
  host: string;
  port: number;
  deadlineMs: number;
  signal?: AbortSignal;
}

/** Whether something listens there, for the same addresses as {@link OutboundClient}. */
export class TcpConnector {
  constructor(private readonly options: OutboundOptions) {}

  /**
   * Connects and ends the connection again; nothing is sent.
   * @throws {OutboundFailure} whatever goes wrong; at the deadline at the latest
   */
  async reach({ host, port, deadlineMs, signal }: TcpTarget): Promise<void> {
    refuseForbiddenLiteral(host, this.options);
    const deadline = AbortSignal.timeout(deadlineMs);
    const ended = signal ? AbortSignal.any([deadline, signal]) : deadline;
    const socket = connect({
      host,
      port,
      autoSelectFamily: true,
      lookup: guardedLookup(this.options, this.options.resolve ?? systemResolve),
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve).once('error', reject);
        const end = () => reject(new OutboundFailure(signal?.aborted ? 'cancelled' : 'timeout'));
        if (ended.aborted) end();
        else ended.addEventListener('abort', end, { once: true });
      });
    } catch (error) {
      throw toOutboundFailure(error);
    } finally {
      socket.on('error', () => {}).destroy();
    }
  }
}
