import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '@gatehouse/auth-contracts';
import type { AccessRefusal } from './refusal-recorder.js';

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
  method?: string;
  id?: unknown;
  /** The route as it was declared, of Fastify and of Express. */
  routeOptions?: { url?: string };
  route?: { path?: unknown };
  getHeader?(name: string): string | undefined;
  getPattern?(): string;
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

/** What was asked for, as it was declared, and by whom as far as the connection tells. */
export function originOfContext(
  context: ExecutionContext,
): Pick<AccessRefusal, 'target' | 'ip' | 'userAgent' | 'requestId'> {
  const carrier = carrierOf(context);
  if (context.getType() !== 'http') {
    const id = carrier.getPattern?.() ?? 'unknown';
    return { target: { type: 'message', id }, requestId: carrier.getHeader?.('message-id') };
  }
  const { method, routeOptions, route, ip, id, headers } = carrier;
  const path = routeOptions?.url ?? (typeof route?.path === 'string' ? route.path : 'unknown');
  return {
    target: { type: 'route', id: `${method} ${path}` },
    ip,
    userAgent: single(headers?.['user-agent']),
    requestId: typeof id === 'string' ? id : undefined,
  };
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;
