import type { ProviderStatusName, StatusChange } from '@gatehouse/provider-health-contracts';

/** Reads an entry of the stream of transitions, as `record-outcome.lua` wrote it. @throws TypeError when it is none */
export function readTransition(fields: Readonly<Record<string, string>>): StatusChange {
  const provider = fields['provider'];
  const at = Number(fields['at']);
  const version = Number(fields['version']);
  if (provider === undefined || !Number.isFinite(at) || !Number.isInteger(version))
    throw new TypeError('Not a transition');
  return {
    provider,
    from: fields['from'] as ProviderStatusName,
    to: fields['to'] as ProviderStatusName,
    reason: fields['reason'] as StatusChange['reason'],
    version,
    at: new Date(at).toISOString(),
  };
}
