import type { ProviderStatusName, StatusChange } from '@gatehouse/provider-health-contracts';

/** Reads an entry of the stream of transitions, as `record-outcome.lua` wrote it. @throws TypeError when it is none */
export function readTransition(fields: readonly string[]): StatusChange {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2)
    values.set(String(fields[index]), String(fields[index + 1]));
  const provider = values.get('provider');
  const at = Number(values.get('at'));
  const version = Number(values.get('version'));
  if (provider === undefined || !Number.isFinite(at) || !Number.isInteger(version))
    throw new TypeError('Not a transition');
  return {
    provider,
    from: values.get('from') as ProviderStatusName,
    to: values.get('to') as ProviderStatusName,
    reason: values.get('reason') as StatusChange['reason'],
    version,
    at: new Date(at).toISOString(),
  };
}
