import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.js';
import { type CallOptions, jsonCall } from '../support/json-call.js';
import { Nginx } from '../support/nginx.js';
import { root, startSuite, type Suite, SUITE_TIMEOUT_MS, temporaryHome } from '../support/suite.js';
import { freePortBlock } from '../support/test-ports.js';

const run = promisify(execFile);

describe('the example of a product team', () => {
  const home = temporaryHome();
  let suite: Suite;
  let admin: string;

  beforeAll(async () => {
    suite = await startSuite({ withExample: true, replicas: 'projects=2', home, engines: 'own' });
    admin = await suite.adminToken();
  }, SUITE_TIMEOUT_MS);

  afterAll(async () => {
    await suite.stop();
    rmSync(home, { recursive: true, force: true });
  }, SUITE_TIMEOUT_MS);

  const aProject = async () => {
    const body = { name: 'Atlas', text: 'One two three four five six' };
    const answer = await suite.call<{ id: string }>('POST', '/v1/projects', { token: admin, body });
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  const summarise = async (id: string) =>
    (await suite.call('POST', `/v1/projects/${id}/summary`, { token: admin })).status;
  const behave = async (status: number) => {
    const url = `${suite.state.example?.upstream}/writer/behaviour`;
    expect((await fetch(url, { method: 'PUT', body: JSON.stringify({ status }) })).status).toBe(200);
  };

  it('is in state.json, and in the tour', async () => {
    expect(suite.state.services.projects).toHaveLength(2);
    expect(suite.state.pids.projects).toHaveLength(2);
    const { stdout } = await run(process.execPath, ['tools/tour.mjs'], {
      cwd: root,
      env: { ...process.env, GATEHOUSE_HOME: home },
    });
    expect(stdout).toContain('examples/projects-service');
    expect(stdout).toMatch(/401 from all 5 after \d+ ms/);
    expect(stdout).toContain('Everything was what it said');
  }, 60_000);

  it('calls another provider once the fleet has found one degraded', async () => {
    const id = await aProject();
    const [writer, spare] = suite.state.example?.providers ?? [];
    const summariser = async () => {
      const path = `/v1/audit/events?targetId=${id}&action=project.summarised`;
      const { body } = await suite.call<{ items: { details: { provider: string } }[] }>('GET', path, {
        token: admin,
      });
      return body.items.map(({ details }) => details.provider);
    };
    await behave(500);
    // Both replicas report: three failures are three of the fleet.
    for (let failure = 0; failure < 3; failure++) expect(await summarise(id)).toBe(503);
    const health = await suite.call('GET', `/v1/providers/${writer}/status`, { token: admin });
    expect(health.body['status']).toBe('degraded');
    expect(await summarise(id)).toBe(200);
    expect(await eventually('the trail tells', async () => (await summariser())[0])).toBe(spare);
    await behave(200);
  }, 60_000);

  describe('behind nginx, as deploy/nginx has it', () => {
    let nginx: Nginx;

    beforeAll(async () => {
      const first = (origins?: readonly string[]) => origins?.[0] ?? '';
      const { auth, providerHealth, audit, projects } = suite.state.services;
      nginx = await Nginx.start({
        port: await freePortBlock(1),
        upstreams: {
          gatehouse_auth: first(auth),
          gatehouse_provider_health: first(providerHealth),
          gatehouse_audit: first(audit),
          projects_service: first(projects),
        },
      });
    }, 120_000);

    afterAll(() => nginx.stop());

    const ask = async (path: string, options: CallOptions = {}) => {
      const url = `${nginx.origin}${path}`;
      const { status, body } = await jsonCall<{ type?: string }>('GET', url, options);
      return [status, body.type];
    };
    const aUser = async (email: string) => {
      const password = 'a long enough phrase';
      await suite.call('POST', '/v1/auth/register', { body: { email, password } });
      return suite.tokenOf(email, password);
    };

    it('lets those through whom auth-service knows and who may', async () => {
      const user = await aUser('grace@example.test');
      const forged = { 'X-Auth-Subject': 'root', 'X-Auth-Role': 'admin', 'X-Auth-Permissions': '*' };
      expect(await ask('/v1/projects/ping')).toEqual([200, undefined]);
      expect(await ask('/v1/projects', { headers: forged })).toEqual([401, 'unauthenticated']);
      expect(await ask('/v1/projects', { token: 'x' })).toEqual([401, 'unauthenticated']);
      expect(await ask('/v1/projects', { token: user })).toEqual([200, undefined]);
      expect(await ask('/v1/projects/all', { token: user, headers: forged })).toEqual([403, 'forbidden']);
      expect(await ask('/v1/projects/all', { token: admin })).toEqual([200, undefined]);
      const both = { token: user, headers: { 'X-API-Key': 'gh_x' } };
      expect(await ask('/v1/projects', both)).toEqual([400, 'bad-request']);
    });

    it('refuses a session that has ended', async () => {
      const user = await aUser('linus@example.test');
      expect(await ask('/v1/projects', { token: user })).toEqual([200, undefined]);
      expect((await suite.call('POST', '/v1/auth/logout', { token: user })).status).toBe(204);
      expect(await ask('/v1/projects', { token: user })).toEqual([401, 'unauthenticated']);
    });
  });

  it(
    'keeps its account and its data over a restart',
    async () => {
      const id = await aProject();
      const accounts = async () => {
        const { body } = await suite.call<{ items: { name: string; secrets: unknown[] }[] }>(
          'GET',
          '/v1/auth/service-accounts',
          { token: admin },
        );
        return body.items
          .filter(({ name }) => name === 'projects-service')
          .map(({ secrets }) => secrets.length);
      };
      expect(await accounts()).toEqual([1]);
      await suite.stop();
      suite = await startSuite({ withExample: true, home, port: suite.port, engines: 'own' });
      admin = await suite.adminToken();
      expect(await accounts()).toEqual([1]);
      const all = await suite.call<{ id: string }[]>('GET', '/v1/projects/all', { token: admin });
      expect(all.body.map((project) => project.id)).toContain(id);
      expect(await summarise(id)).toBe(200);
    },
    SUITE_TIMEOUT_MS,
  );
});
