import { DEFAULT_HEALTH_POLICY, UpdateProviderBody } from '@gatehouse/provider-health-contracts';
import { changedFields, changedProvider } from './provider-change.js';

const provider = {
  ...{ name: 'a', kind: 'openai', baseUrl: 'https://a.test', priority: 1, weight: 2 },
  ...{ costPerMillionTokens: 3, models: ['m'], tags: ['t'], policy: { ...DEFAULT_HEALTH_POLICY } },
  healthCheck: null,
};
const change = (body: object) => changedProvider(provider, UpdateProviderBody.parse(body));

describe('changedProvider', () => {
  it('leaves what is left out', () => {
    expect(change({ weight: 5 })).toEqual({ ...provider, weight: 5 });
    expect(change({ apiKey: 'sk-0123456789' })).toEqual(provider);
    expect(change({ policy: {} })).toEqual(provider);
    expect(change({ weight: 5, kind: undefined })).toEqual({ ...provider, weight: 5 });
  });

  it('removes by null', () => {
    expect(change({ costPerMillionTokens: null }).costPerMillionTokens).toBeNull();
    const withRate = change({ policy: { failureRate: {} } });
    expect(withRate.policy.failureRate).toMatchObject({ windowSeconds: 30 });
    const without = changedProvider(withRate, UpdateProviderBody.parse({ policy: { failureRate: null } }));
    expect(without).toEqual(provider);
  });

  it('replaces lists, and single values of the policy', () => {
    expect(change({ tags: [], policy: { unhealthyAfter: 2 } })).toEqual({
      ...provider,
      tags: [],
      policy: { ...DEFAULT_HEALTH_POLICY, unhealthyAfter: 2 },
    });
  });
});

describe('changedFields', () => {
  it('names what differs, and not what was merely written differently', () => {
    const reversed = Object.fromEntries(Object.entries(provider.policy).reverse()) as typeof provider.policy;
    expect(changedFields(provider, { ...provider, policy: reversed, tags: [...provider.tags] })).toEqual([]);
    expect(changedFields(provider, change({ tags: ['u'], policy: { probePermits: 2 }, weight: 2 }))).toEqual([
      'tags',
      'policy',
    ]);
  });
});
