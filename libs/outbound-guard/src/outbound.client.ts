import { rootCertificates } from 'node:tls';
import { Client } from 'undici';
import { guardedLookup } from './guarded-lookup.js';
import { OutboundFailure, toOutboundFailure } from './outbound-failure.js';
import { type OutboundOptions, systemResolve } from './outbound-options.js';
import { outboundTarget } from './outbound-target.js';

export interface OutboundRequest {
  url: string | URL;
  method: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For all of it: look-up, connecting, TLS, headers and body. */
  deadlineMs: number;
  /** Of these for look-up, connecting and TLS; the deadline when left out. */
  connectTimeoutMs?: number;
  /** So much of the body is read, and the connection ended when there is more. */
  maxBodyBytes: number;
  signal?: AbortSignal;
}

export interface OutboundAnswer {
  /** As it came, also a redirect: none is followed, so nothing that was sent reaches another origin. */
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** There was more than `maxBodyBytes`. */
  truncated: boolean;
}

const MAX_HEADER_BYTES = 16_384;

/**
 * HTTP and HTTPS requests whose URL somebody gave who may not be trusted with this network. A connection for each request,
 * to an address that was checked, certificates verified, nothing of the environment's proxies.
 */
export class OutboundClient {
  constructor(private readonly options: OutboundOptions) {}

  /** @throws {OutboundFailure} whatever goes wrong; at the deadline at the latest */
  async request(request: OutboundRequest): Promise<OutboundAnswer> {
    const target = outboundTarget(request.url, this.options);
    const deadline = AbortSignal.timeout(request.deadlineMs);
    const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
    const client = this.connectTo(target, request);
    try {
      return await exchange(client, target, request, signal);
    } catch (error) {
      if (request.signal?.aborted) throw new OutboundFailure('cancelled');
      if (deadline.aborted) throw new OutboundFailure('timeout');
      throw toOutboundFailure(error);
    } finally {
      // Whatever the other side still sends: nobody waits for it.
      void client.destroy();
    }
  }

  private connectTo(target: URL, { deadlineMs, connectTimeoutMs = deadlineMs }: OutboundRequest): Client {
    const { resolve = systemResolve, certificateAuthorities = [] } = this.options;
    return new Client(target.origin, {
      pipelining: 0,
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: deadlineMs,
      bodyTimeout: deadlineMs,
      autoSelectFamily: true,
      connect: {
        lookup: guardedLookup(this.options, resolve),
        timeout: connectTimeoutMs,
        rejectUnauthorized: true,
        ...(certificateAuthorities.length > 0 && { ca: [...rootCertificates, ...certificateAuthorities] }),
      },
    });
  }
}

async function exchange(
  client: Client,
  target: URL,
  request: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const answer = await client.request({
    path: target.pathname + target.search,
    method: request.method,
    headers: request.headers ?? {},
    body: request.body ?? null,
    signal,
  });
  const chunks: Buffer[] = [];
  let room = request.maxBodyBytes;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, room));
    room -= chunk.length;
    if (room < 0) break;
  }
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: Buffer.concat(chunks),
    truncated: room < 0,
  };
}
