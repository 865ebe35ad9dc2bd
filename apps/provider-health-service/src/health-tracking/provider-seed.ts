import type { ProviderKeyAnswer, StatusChange, StatusRule } from '@gatehouse/provider-health-contracts';
import type { Override } from '@gatehouse/provider-health-rules';
import type { RecordedStatus } from '../events/recorded-status.js';
import type { ProviderFacts } from './tracked-provider.js';

/** What PostgreSQL knows of a provider's health. */
export interface RecordedHealth extends RecordedStatus {
  /** The operator's word that holds now. */
  override?: Override;
  /** The last version of a provider of this name that there was before. */
  afterVersion: number;
}

interface StoredProvider extends Omit<ProviderFacts, 'createdAt' | 'costPerMillionTokens' | 'keyId'> {
  costPerMillionTokens: number | null;
  apiKey?: ProviderKeyAnswer;
  createdAt: Date;
}

/** What others may know of a provider: of its key the id, and no check. */
export function providerFacts(provider: StoredProvider): ProviderFacts {
  const {
    name,
    kind,
    baseUrl,
    apiKey,
    priority,
    weight,
    costPerMillionTokens,
    models,
    tags,
    policy,
    createdAt,
  } = provider;
  return {
    ...{ name, kind, baseUrl, priority, weight, models, tags, policy },
    ...(costPerMillionTokens === null ? {} : { costPerMillionTokens }),
    ...(apiKey && { keyId: apiKey.keyId }),
    createdAt: createdAt.toISOString(),
  };
}

const RULES: Readonly<Partial<Record<StatusChange['reason'], StatusRule>>> = {
  'consecutive-failures': 'consecutive',
  'consecutive-successes': 'consecutive',
  'failure-rate': 'failure-rate',
  marked: 'mark',
};

/**
 * The hash that a provider begins with: a new one, or one that Redis has lost, as its last recorded transition left it.
 * An override that holds is laid over it where that is what the last transition says; where it ended unrecorded it is laid
 * as one whose time has come, so that its end becomes a transition.
 */
export function seedFields(facts: ProviderFacts, recorded: RecordedHealth): Record<string, string> {
  const { last, afterVersion } = recorded;
  // A provider of this name that there was before leaves nothing but its version.
  const isOwn = last !== undefined && last.version > afterVersion;
  const begun = { name: facts.name, failures: '0', successes: '0', version: `${last?.version ?? 0}` };
  const known = { ...begun, policy: JSON.stringify(facts.policy), provider: JSON.stringify(facts) };
  if (!isOwn) return { ...known, status: 'healthy' };
  return { ...known, status: last.to, ...ownFields(facts, recorded), ...overrideFields(last, recorded) };
}

function ownFields(facts: ProviderFacts, { own, unhealthyVersion }: RecordedHealth): Record<string, string> {
  const rule = own && RULES[own.reason];
  return {
    ...(rule === undefined ? {} : { rule }),
    ...(unhealthyVersion === undefined ? {} : { unhealthyVersion: `${unhealthyVersion}` }),
    ...(own?.to === 'unhealthy'
      ? { unhealthyUntil: `${Date.parse(own.at) + facts.policy.unhealthySeconds * 1000}` }
      : {}),
  };
}

function overrideFields(last: StatusChange, recorded: RecordedHealth): Record<string, string> {
  const { own, override } = recorded;
  const rule = own && RULES[own.reason];
  const beneath = { beneath: own?.to ?? 'healthy', ...(rule === undefined ? {} : { beneathRule: rule }) };
  if (override !== undefined && takenFor(override) === last.to) {
    const { status, reason, by, at, until } = override;
    return {
      ...{ ...beneath, rule: 'override', overrideStatus: status, overrideReason: reason },
      ...{ overrideBy: by, overrideAt: `${at}` },
      ...(until === undefined ? {} : { overrideUntil: `${until}` }),
    };
  }
  if (last.reason !== 'overridden') return {};
  return {
    ...{ ...beneath, rule: 'override', overrideStatus: last.to, overrideReason: '' },
    ...{ overrideBy: '', overrideAt: '0', overrideUntil: '0' },
  };
}

const takenFor = ({ status }: Override) => (status === 'maintenance' ? 'unhealthy' : status);
