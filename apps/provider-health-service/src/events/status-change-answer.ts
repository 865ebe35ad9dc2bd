import type { StatusChange } from '@gatehouse/provider-health-contracts';

export function toStatusChange(stored: Omit<StatusChange, 'at'> & { at: Date }): StatusChange {
  const { provider, from, to, reason, version, at } = stored;
  return { provider, from, to, reason, version, at: at.toISOString() };
}
