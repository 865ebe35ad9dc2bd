import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readTrail } from '../support/audit-trail.js';
import { jsonCall } from '../support/json-call.js';
import { root, startSuite, type Suite, SUITE_TIMEOUT_MS } from '../support/suite.js';

const run = promisify(execFile);

interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

describe('the main job, with two replicas of each service', () => {
  let suite: Suite;

  beforeAll(async () => {
    suite = await startSuite({ replicas: 2 });
  }, SUITE_TIMEOUT_MS);

  afterAll(() => suite.stop(), SUITE_TIMEOUT_MS);

  const tour = () =>
    run(process.execPath, ['tools/tour.mjs'], {
      cwd: root,
      env: { ...process.env, GATEHOUSE_HOME: suite.home },
    });

  it('is walked by the tour, as often as one likes', async () => {
    for (let walk = 0; walk < 2; walk++) {
      const { stdout } = await tour();
      expect(stdout).toContain('Everything was what it said');
      expect(stdout).not.toContain(suite.admin.password);
      expect(stdout).not.toMatch(/eyJ[\w-]{20}/);
    }
  }, 60_000);

  it('leaves each event in the trail once, in an order without gaps', async () => {
    const token = await suite.adminToken();
    const events = await readTrail(suite, token);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const changes = events.filter(
      ({ action, target }) => action === 'provider.status-changed' && target?.id.startsWith('openai-'),
    );
    expect(changes.map(({ details, target }) => `${target?.id} ${String(details?.['to'])}`)).toHaveLength(4);
    expect(
      new Set(changes.map(({ details, target }) => `${target?.id} ${String(details?.['version'])}`)).size,
    ).toBe(4);
  }, 60_000);

  it('answers each request once: a registration by both replicas makes one account', async () => {
    const body = { email: 'twice@example.test', password: 'a long enough phrase' };
    const answers = await Promise.all(
      [0, 1, 2, 3].map((index) =>
        jsonCall<{ id: string }>('POST', `${suite.state.services.auth[index % 2]}/v1/auth/register`, {
          body,
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('tells Prometheus of each process, past the gateway only', async () => {
    for (const [service, urls] of Object.entries(suite.state.services)) {
      for (const url of urls) {
        const answer = await fetch(`${url}/metrics`);
        expect({ service, type: answer.headers.get('content-type') }).toMatchObject({
          type: expect.stringContaining('text/plain; version=0.0.4') as unknown,
        });
        const text = await answer.text();
        expect(text).toContain('gatehouse_transport_queue_length{');
        expect(text).toContain('nodejs_eventloop_lag_seconds');
      }
    }
    expect((await fetch(`${suite.state.gateway}/metrics`)).status).toBe(404);
  });

  it('rotates a refresh token once, whichever replica is asked', async () => {
    const account = { email: 'rotating@example.test', password: 'a long enough phrase' };
    await suite.call('POST', '/v1/auth/register', { body: account });
    const login = await suite.call<TokenAnswer>('POST', '/v1/auth/login', { body: account });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        jsonCall<TokenAnswer>('POST', `${suite.state.services.auth[index % 2]}/v1/auth/refresh`, {
          body: { refreshToken: login.body.refreshToken },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
  });

  it("refuses another platform's token, and a user where a right is missing, at every service", async () => {
    const [header, payload] = (await suite.adminToken()).split('.');
    const forged = `${header}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`;
    const routes = ['/v1/auth/me', '/v1/providers', '/v1/audit/events'];
    for (const path of routes) {
      for (const token of [forged, 'not-a-token', undefined]) {
        const answer = await suite.call('GET', path, { token });
        expect([path, answer.status, answer.body['type']]).toEqual([path, 401, 'unauthenticated']);
      }
    }
    const account = { email: 'plain@example.test', password: 'a long enough phrase' };
    await suite.call('POST', '/v1/auth/register', { body: account });
    const user = await suite.tokenOf(account.email, account.password);
    expect((await suite.call('GET', '/v1/audit/events', { token: user })).body['type']).toBe(
      'insufficient-permission',
    );
  });

  it.each([
    ['POST', '/v1/auth/login'],
    ['POST', '/v1/auth/register'],
    ['POST', '/v1/auth/refresh'],
    ['POST', '/v1/providers'],
    ['POST', '/v1/audit/events'],
  ])(
    'answers malformed, unknown and oversized input to %s %s with a problem',
    async (method, path) => {
      const token = await suite.adminToken();
      const bodies: [body: string, statuses: number[]][] = [
        ['{"email":', [400]],
        ['null', [400]],
        ['{"nonsense":1}', [400]],
        [JSON.stringify({ email: 'x'.repeat(5 * 1024 * 1024) }), [413]],
      ];
      for (const [body, statuses] of bodies) {
        const answer = await suite.call(method, path, { token, body });
        expect(statuses).toContain(answer.status);
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
    },
    30_000,
  );

  it.each(['auth', 'providers', 'audit'])('serves the OpenAPI document of %s', async (service) => {
    const { status, body } = await suite.call('GET', `/v1/${service}/openapi.json`);
    expect(status).toBe(200);
    expect(Object.keys(body['paths'] as object).length).toBeGreaterThan(1);
  });
});
