import type { AuditEvent, EventFilters } from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { networkOf } from '../personal-data/addresses.js';

/** Who reads the trail, and from where. */
export interface Reader extends RequestContext {
  principal: Principal;
}

/** What was read: an action, and what it was asked with and found. */
export interface Reading {
  readonly action: 'audit.search' | 'audit.read' | 'audit.exported';
  readonly target?: { type: string; id: string };
  /** How many events; not there when they are yet to be sent. */
  readonly found?: number;
  /** What chose the events. */
  readonly filters?: EventFilters;
  readonly details?: Record<string, unknown>;
}

/** The event that tells of a reading. */
export function readingEvent(
  { action, target, found, filters, details }: Reading,
  { principal, ip, userAgent, requestId }: Reader,
  origin: { id: string; producer: string; now: Date },
): AuditEvent {
  return {
    id: origin.id,
    category: 'audit',
    action,
    outcome: 'success',
    actor: { type: principal.type, id: principal.id },
    ...(target === undefined ? {} : { target }),
    context: {
      ip,
      ...(userAgent ? { userAgent: userAgent.slice(0, 1_024) } : {}),
      ...(principal.sessionId === undefined ? {} : { sessionId: principal.sessionId }),
      requestId,
      service: origin.producer,
    },
    details: {
      ...(filters === undefined ? {} : toldFilters(filters)),
      ...details,
      ...(found === undefined ? {} : { found }),
    },
    occurredAt: origin.now.toISOString(),
    producer: origin.producer,
  };
}

/** An address that was asked for is somebody's: in clear there is its network alone. */
function toldFilters(filters: EventFilters): Record<string, unknown> {
  const { ip } = filters;
  if (ip === undefined || ip.includes('/')) return { filters };
  return { filters: { ...filters, ip: networkOf(ip) }, personal: { ip } };
}
