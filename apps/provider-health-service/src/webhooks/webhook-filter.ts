import type { WebhookEvent } from '@gatehouse/provider-health-contracts';

export interface WebhookFilter {
  /** Empty for all of them. */
  events: readonly WebhookEvent[];
  /** The providers it is told of, beside those that have one of `tags`; both empty for all of them. */
  providers: readonly string[];
  tags: readonly string[];
}

/** Whether a webhook is told of an event of a provider that has these tags. */
export function isWanted(
  filter: WebhookFilter,
  { event, provider, tags }: { event: WebhookEvent; provider: string; tags: readonly string[] },
): boolean {
  if (filter.events.length > 0 && !filter.events.includes(event)) return false;
  if (filter.providers.length === 0 && filter.tags.length === 0) return true;
  return filter.providers.includes(provider) || filter.tags.some((tag) => tags.includes(tag));
}
