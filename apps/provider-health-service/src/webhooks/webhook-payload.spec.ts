import type { ProviderIncident, StatusChange } from '@gatehouse/provider-health-contracts';
import { payloadsOf } from './webhook-payload.js';

const change: StatusChange = {
  ...{ provider: 'a', from: 'healthy', to: 'degraded', reason: 'consecutive-failures', version: 1 },
  at: '2026-11-25T12:00:00.000Z',
};
const incident = { id: 'i', provider: 'a' } as ProviderIncident;
const timestamp = change.at;
const changed = { type: 'providers.status-changed', timestamp, data: { ...change, incident } };

describe('payloadsOf', () => {
  it.each([
    ['opened', 'providers.incident-opened'],
    ['reopened', 'providers.incident-reopened'],
    ['closed', 'providers.incident-resolved'],
  ] as const)('tells the change with its incident, and that it was %s', (step, type) => {
    expect(payloadsOf(change, { step, incident })).toEqual([changed, { type, timestamp, data: incident }]);
  });

  it.each(['escalated', 'continued'] as const)('tells the change alone where it was %s', (step) => {
    expect(payloadsOf(change, { step, incident })).toEqual([changed]);
  });

  it('says that there is no incident', () => {
    expect(payloadsOf(change, undefined)).toEqual([{ ...changed, data: { ...change, incident: null } }]);
  });
});
