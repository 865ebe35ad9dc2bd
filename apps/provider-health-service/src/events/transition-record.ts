import type { ProviderStatusName, StatusChange } from '@gatehouse/provider-health-contracts';

/** A provider began to refuse our credentials or quota, or its key could not be opened any more. */
export interface Misconfiguration {
  provider: string;
  misconfigured: string;
  version: number;
  /** ISO 8601, UTC. */
  at: string;
}

type Fields = Readonly<Record<string, string>>;

/** Reads an entry of the stream of transitions that tells of something else; undefined when it does not. */
export function readMisconfiguration(fields: Fields): Misconfiguration | undefined {
  const { provider, misconfigured } = fields;
  const [at, version] = [Number(fields['at']), Number(fields['version'])];
  if (provider === undefined || misconfigured === undefined || !Number.isFinite(at)) return undefined;
  return { provider, misconfigured, version, at: new Date(at).toISOString() };
}

/** Reads an entry of the stream of transitions, as `provider-health.lua` wrote it. @throws TypeError when it is none */
export function readTransition(fields: Fields): StatusChange {
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
