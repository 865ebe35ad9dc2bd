import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';

const ACCESS = Symbol('access');

/** Who a request is from, and until when that is so. */
export interface Access {
  principal: Principal;
  /** Asked again while a long answer is under way: throws when the credential is not accepted any more. */
  recheck(): Promise<Principal>;
}

/** An HTTP request of Fastify or Express, or the context of a message. */
interface Carrier {
  [ACCESS]?: Access;
  headers?: Record<string, string | string[] | undefined>;
  ip?: string;
  getHeader?(name: string): string | undefined;
  getPublishedAt?(): number;
  getDeadline?(): number | undefined;
}

/** What a guard reads of a request, the same for HTTP and for messages. */
export interface Credentials {
  authorization?: string;
  apiKey?: string;
  /** Of the client, for an HTTP request. */
  address?: string;
  /** For an event: when it was published, since its sender is judged as of then. */
  at?: Date;
}

function carrierOf(context: ExecutionContext): Carrier {
  return context.getType() === 'http'
    ? context.switchToHttp().getRequest<Carrier>()
    : context.switchToRpc().getContext<Carrier>();
}

/** The credentials that came with the request, unverified. */
export function credentialsOf(context: ExecutionContext): Credentials {
  const carrier = carrierOf(context);
  if (context.getType() === 'http') {
    return {
      authorization: single(carrier.headers?.['authorization']),
      apiKey: single(carrier.headers?.['x-api-key']),
      address: carrier.ip,
    };
  }
  const isEvent = carrier.getPublishedAt !== undefined && carrier.getDeadline?.() === undefined;
  return {
    authorization: carrier.getHeader?.('authorization'),
    apiKey: carrier.getHeader?.('x-api-key'),
    at: isEvent ? new Date(carrier.getPublishedAt?.() ?? Date.now()) : undefined,
  };
}

/** Who the request is from, once `AuthenticationGuard` has verified it. */
export const principalOfContext = (context: ExecutionContext): Principal | undefined =>
  carrierOf(context)[ACCESS]?.principal;

/** The same with what it rests on. */
export const accessOfContext = (context: ExecutionContext): Access | undefined => carrierOf(context)[ACCESS];

/** Notes who the request is from. */
export function setAccess(context: ExecutionContext, access: Access): void {
  carrierOf(context)[ACCESS] = access;
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;
