import { TransportKeys } from './transport-keys.js';
import { DEFAULT_LIMITS, transportSettings } from './transport-options.js';

const redis = { host: '127.0.0.1', port: 6379, db: 0, tls: false };

describe('transportSettings', () => {
  it('fills in the defaults', () => {
    const settings = transportSettings({ service: 'audit', redis, limits: { maxInFlight: 1 } });
    expect(settings).toMatchObject({ namespace: 'gatehouse', limits: { ...DEFAULT_LIMITS, maxInFlight: 1 } });
  });

  it.each(['', 'Audit', 'a{b', 'a:b', '1a'])('refuses the name %j', (service) => {
    expect(() => transportSettings({ service, redis })).toThrow(TypeError);
  });
});

describe('TransportKeys', () => {
  const keys = new TransportKeys('gatehouse', 2);
  const slotOf = (key: string) => /\{(.+?)\}/.exec(key)?.[1];

  it('puts what one script touches into one slot', () => {
    expect(keys.requests('audit')).toBe('gatehouse:{audit}:requests');
    expect(slotOf(keys.deadRequests('audit'))).toBe('audit');
    expect(slotOf(keys.events('providers'))).toBe('providers');
    expect(slotOf(keys.deadEvents('providers', 'audit'))).toBe('providers');
    expect(slotOf(keys.broadcastPosition('auth.revoked'))).toBe('auth');
    expect(slotOf(keys.broadcastTail('auth.revoked'))).toBe('auth');
  });

  it('tells databases apart in channels', () => {
    expect(keys.replies('me')).toBe('gatehouse:db2:replies:me');
    expect(keys.broadcastChannel('auth.revoked')).toBe('gatehouse:db2:broadcasts:auth.revoked');
  });
});
