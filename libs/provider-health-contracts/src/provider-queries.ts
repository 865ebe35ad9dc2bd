import { z } from 'zod';
import { ProviderStatusName } from './status-name.js';

export const pageFields = {
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

export const ListProvidersQuery = z.strictObject({
  ...pageFields,
  status: ProviderStatusName.optional(),
  tag: z.string().min(1).max(64).optional(),
});
export type ListProvidersQuery = z.infer<typeof ListProvidersQuery>;

export const HistoryQuery = z.strictObject(pageFields);
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** One page; `nextCursor` is there when there is another. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
