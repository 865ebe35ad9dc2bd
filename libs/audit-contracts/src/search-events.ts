import { z } from 'zod';
import { AuditAction, AuditActor, AuditCategory, AuditOutcome, type AuditRecord } from './audit-event.js';

export const DEFAULT_SEARCH_LIMIT = 50;
export const MAX_SEARCH_LIMIT = 200;

const identifier = z
  .string()
  .min(1)
  .max(256)
  .refine((value) => !value.includes('\0'), 'must not contain NUL');

/** The path parameter of `GET /v1/audit/events/:id`. */
export const AuditEventId = z.uuid();
export type AuditEventId = z.infer<typeof AuditEventId>;

/** Addresses are kept in clear by their network alone. */
const isWide = (bits: number) => (network: string) => Number(network.split('/')[1]) <= bits;

/** What chooses events. All that are given must hold. */
export const EventFilters = z.strictObject({
  actorId: identifier.optional(),
  actorType: AuditActor.shape.type.optional(),
  targetId: identifier.optional(),
  targetType: identifier.optional(),
  tenant: identifier.optional(),
  /** Who told it. */
  producer: identifier.optional(),
  /** Who really sent it. */
  submittedBy: identifier.optional(),
  /** Exact (`auth.login`), or everything below a word (`auth.*`). */
  action: z
    .union([AuditAction, z.string().regex(/^[A-Za-z0-9_:.-]{1,126}\.\*$/)], {
      error: 'must be an action, or a prefix that ends in .*',
    })
    .optional(),
  /** An address, or a network of /24 (IPv4), /48 (IPv6) or shorter, e.g. `203.0.113.0/24`. */
  ip: z
    .union([z.ipv4(), z.ipv6(), z.cidrv4().refine(isWide(24)), z.cidrv6().refine(isWide(48))], {
      error: 'must be an address, or a network of /24, /48 or shorter',
    })
    .optional(),
  category: AuditCategory.optional(),
  outcome: AuditOutcome.optional(),
  /** Events that occurred at this time or later. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Events that occurred before this time. */
  to: z.iso.datetime({ offset: true }).optional(),
});
export type EventFilters = z.infer<typeof EventFilters>;

/** The query of `GET /v1/audit/export`. */
export const ExportEvents = EventFilters.extend({
  /** `jsonl` can be verified without the service; `csv` is for spreadsheets. */
  format: z.enum(['csv', 'jsonl']),
});
export type ExportEvents = z.infer<typeof ExportEvents>;

/** The query of `GET /v1/audit/events`. */
export const SearchEvents = EventFilters.extend({
  /** `nextCursor` of the page before; belongs to the same filters. */
  cursor: z.string().min(1).max(128).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_SEARCH_LIMIT).default(DEFAULT_SEARCH_LIMIT),
  /** By `seq`: `desc`, the newest first, where not given. */
  order: z.enum(['asc', 'desc']).default('desc'),
});
export type SearchEvents = z.infer<typeof SearchEvents>;

/** One page of the trail. */
export interface AuditRecordPage {
  items: AuditRecord[];
  /** Null on the last page. */
  nextCursor: string | null;
}
