import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment, SAMPLE_SECRET } from '@gatehouse/environment';
import { auditVariables } from '../../apps/audit-service/src/audit.environment.js';
import { authVariables } from '../../apps/auth-service/src/auth.environment.js';
import { providerHealthVariables } from '../../apps/provider-health-service/src/provider-health.environment.js';

const SERVICES = { auth: authVariables, providerHealth: providerHealthVariables, audit: auditVariables };

const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
const lines = [...text.matchAll(/^(# )?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(
  ([, comment, name = '', value = '']) => ({
    name,
    value,
    isSet: comment === undefined,
  }),
);
const set = Object.fromEntries(lines.filter(({ isSet }) => isSet).map(({ name, value }) => [name, value]));

describe('.env.example', () => {
  it('names every variable that a service reads, once, and no other', () => {
    const known = new Set(Object.values(SERVICES).flatMap(({ shape }) => Object.keys(shape)));
    expect(lines.map(({ name }) => name).sort()).toEqual([...known].sort());
  });

  it('leaves out what would switch the embedded engines off', () => {
    expect(Object.keys(set)).not.toEqual(expect.arrayContaining(['REDIS_HOST']));
    expect(Object.keys(set)).not.toEqual(expect.arrayContaining(['REDIS_URL']));
    expect(Object.keys(set)).not.toEqual(expect.arrayContaining(['REDIS_SENTINELS']));
    expect(Object.keys(set)).not.toEqual(expect.arrayContaining(['REDIS_CLUSTER_NODES']));
    expect(Object.keys(set)).not.toEqual(expect.arrayContaining(['DATABASE_URL']));
  });

  it.each(Object.entries(SERVICES))(
    'is understood by %s once the sample secrets are replaced',
    (_service, variables) => {
      const replaced = Object.entries(set).map(([name, value]) => [
        name,
        value === SAMPLE_SECRET ? 'r'.repeat(48) : value,
      ]);
      expect(() =>
        readEnvironment(variables, Object.fromEntries(replaced) as Record<string, string>),
      ).not.toThrow();
    },
  );

  it('cannot be used with its sample secrets', () => {
    expect(() => readEnvironment(authVariables, set)).toThrow(/ENCRYPTION_KEY: is the sample value/);
  });

  it('shows the defaults', () => {
    const secrets = Object.entries(set).filter(([, value]) => value === SAMPLE_SECRET);
    const filled = Object.fromEntries(secrets.map(([name]) => [name, 'r'.repeat(48)]));
    const shown = readEnvironment(authVariables, { ...set, ...filled });
    const { ISSUER } = set;
    expect(shown).toEqual(readEnvironment(authVariables, { ISSUER, ...filled }));
  });
});
