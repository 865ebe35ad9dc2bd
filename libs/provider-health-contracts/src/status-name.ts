import { z } from 'zod';

export const PROVIDER_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const;
export const ProviderStatusName = z.enum(PROVIDER_STATUSES);
export type ProviderStatusName = z.infer<typeof ProviderStatusName>;
