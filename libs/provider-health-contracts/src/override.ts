import { z } from 'zod';
import { PROVIDER_STATUSES, ProviderStatusName } from './status-name.js';

const reason = z.string().trim().min(1).max(512);

/** What an operator says a provider is, whatever its outcomes, until it is lifted or `until` has come. */
export const OverrideBody = z.strictObject({
  status: z.enum([...PROVIDER_STATUSES, 'maintenance']),
  reason,
  until: z.iso.datetime({ offset: true }).optional(),
});
export type OverrideBody = z.infer<typeof OverrideBody>;

/** Times ISO 8601 UTC; `by` is the id of who said it. */
export interface ProviderOverride extends OverrideBody {
  by: string;
  at: string;
}

/** One transition by hand, after which outcomes go on counting. */
export const MarkBody = z.strictObject({
  status: ProviderStatusName,
  responseTimeMs: z.number().min(0).max(86_400_000).optional(),
  reason: reason.optional(),
});
export type MarkBody = z.infer<typeof MarkBody>;
