import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectsEnvironment, projectsVariables } from './projects.environment.js';

const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8');
const shown = [...example.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));
const common = { ISSUER: 'https://platform.test', DATABASE_URL: 'postgres://h:1', REDIS_URL: 'redis://h' };
const own = { PROJECTS_CLIENT_ID: 'id', PROJECTS_CLIENT_SECRET: 's'.repeat(43) };

describe('ProjectsEnvironment', () => {
  it('has all of its own variables in .env.example, and no other', () => {
    const known = Object.keys(projectsVariables.shape).filter((name) => name.startsWith('PRO'));
    expect(shown.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it('reaches everything by the gateway, unless told otherwise', () => {
    const environment = ProjectsEnvironment.read({ ...common, ...own });
    expect(environment.accessControl.jwksUrl).toBe('https://platform.test/.well-known/jwks.json');
    expect(environment.identity.tokenUrl).toBe('https://platform.test/v1/auth/token');
    expect(environment.providerHealthUrl).toBe('https://platform.test');
    expect(environment.databaseUrl).toBe('postgres://h:1/gatehouse_projects');
    const inside = { AUTH_URL: 'http://auth:1', PROVIDER_HEALTH_URL: 'http://health:2' };
    const other = ProjectsEnvironment.read({ ...common, ...own, ...inside });
    expect(other.identity.tokenUrl).toBe('http://auth:1/v1/auth/token');
    expect(other.providerHealthUrl).toBe('http://health:2');
  });

  it('does not start without its account, or with the sample secret', () => {
    expect(() => ProjectsEnvironment.read(common)).toThrow(/PROJECTS_CLIENT_ID[^]*PROJECTS_CLIENT_SECRET/);
    const sample = shown.find(({ name }) => name === 'PROJECTS_CLIENT_SECRET')?.value;
    expect(() => ProjectsEnvironment.read({ ...common, ...own, PROJECTS_CLIENT_SECRET: sample })).toThrow(
      /sample value/,
    );
  });
});
