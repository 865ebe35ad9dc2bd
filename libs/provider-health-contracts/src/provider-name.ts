import { z } from 'zod';

/** Words that stand where a name could: `/v1/providers/stats` and its like. */
export const RESERVED_PROVIDER_NAMES = [
  'stats',
  'healthy',
  'events',
  'outcomes',
  'fallback-chain',
  'webhooks',
  'openapi.json',
] as const;

/** A slug: lower-case words joined by hyphens, e.g. `openai` or `azure-openai-eu`. */
export const ProviderName = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a slug, e.g. openai-eu')
  .refine((name) => !(RESERVED_PROVIDER_NAMES as readonly string[]).includes(name), 'is a reserved word');
export type ProviderName = z.infer<typeof ProviderName>;

/** What a list of names in a query is: comma-separated slugs, none of them twice. */
export const ProviderNames = z
  .string()
  .max(4_096)
  .transform((text) => text.split(','))
  .pipe(
    z
      .array(ProviderName)
      .min(1)
      .max(50)
      .refine((names) => new Set(names).size === names.length, 'must not name one twice'),
  );
