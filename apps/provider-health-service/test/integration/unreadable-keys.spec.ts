import { newBoxKeys } from '@gatehouse/envelope-encryption';
import type { ProviderRequests } from '@gatehouse/provider-health-contracts';
import { openTransport, type RequestClient } from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { removeNamespace, testRedisSettings } from '../../../../test/support/redis.js';
import { answering } from '../../../../test/support/upstreams.js';
import { UnreadableKeysScheduler } from '../../src/unreadable-keys/unreadable-keys.scheduler.js';
import { ProviderWorld } from './provider-world.js';

const KEY = 'sk-planted-0123456789-end4';
const [OLD, NEW] = ['an-old-encryption-key-of-the-tests', 'a-new-encryption-key-of-the-tests'];
const LOST = { available: false, reason: 'misconfigured', misconfigured: 'key', status: 'healthy' };

describe('a provider whose API key cannot be opened', () => {
  const world = new ProviderWorld();
  const lines: string[] = [];
  let old: NestFastifyApplication;
  let app: NestFastifyApplication;

  const status = async (name: string, by = app) =>
    (await world.call(by, 'GET', `/v1/providers/${name}/status`)).body;
  const isLost = (name: string, by = app) =>
    eventuallyHolds(async () => expect(await status(name, by)).toMatchObject(LOST));
  const isThere = (name: string, by = app) =>
    eventuallyHolds(async () => {
      const now = await status(name, by);
      expect(now).toMatchObject({ available: true, reason: 'healthy' });
      expect(now).not.toHaveProperty('misconfigured');
    });
  const look = (by: NestFastifyApplication) => by.get(UnreadableKeysScheduler).lookAtAll();
  /** As when all replicas that could open it are gone for long. */
  const forgetReadings = async () => {
    const keys = await world.redis.keys(`${world.namespace}:{providers}:readable-key:*`);
    if (keys.length > 0) await world.redis.del(keys);
  };
  /** One that only a replica could open that is gone. */
  const aLostProvider = async () => {
    old = await world.start({ encryptionKeys: [OLD] });
    const name = await world.aProvider(old, { apiKey: KEY });
    await world.stop(old);
    await forgetReadings();
    await look(app);
    await isLost(name);
    return name;
  };
  const unreadable = async (by: NestFastifyApplication) =>
    (await by.inject({ url: '/metrics' })).body
      .split('\n')
      .find((line) => line.startsWith('gatehouse_provider_keys_unreadable'));

  beforeAll(async () => {
    await world.open();
    old = await world.start({ encryptionKeys: [OLD] });
  }, 60_000);
  afterAll(() => world.close(), 60_000);

  it('is misconfigured from the start on, loudly and once, and others are not', async () => {
    const name = await world.aProvider(old, { apiKey: KEY });
    const without = await world.aProvider(old);
    await world.stop(old);
    app = await world.start({ encryptionKeys: [NEW], lines });
    const mine = await world.aProvider(app, { apiKey: KEY });
    await isLost(name);
    for (const other of [mine, without]) await isThere(other);
    await look(app);
    await look(app);
    const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const errors = said.filter(
      (line) => line['context'] === 'UnreadableKeyRecorder' && line['level'] === 'error',
    );
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ provider: name, keyId: expect.any(String) as string });
    expect(await unreadable(app)).toBe('gatehouse_provider_keys_unreadable 1');
    const told = await eventually('the trail', async () => {
      const events = await world.events(app, name);
      return events.find(({ action }) => action === 'provider.misconfigured');
    });
    expect(told).toMatchObject({ outcome: 'failure', reason: 'key' });
  }, 60_000);

  it('is out of every chain, and no permit, outcome, mark or lost state of Redis brings it back', async () => {
    const name = await aLostProvider();
    const chain = await world.call(app, 'GET', `/v1/providers/fallback-chain?primary=${name}`);
    expect(chain.body).toMatchObject({ chain: [], excluded: [{ name, reason: 'misconfigured' }] });
    const permit = await world.call(app, 'POST', `/v1/providers/${name}/permits`);
    expect(permit.body).toMatchObject({ type: 'no-permit' });
    await world.call(app, 'POST', `/v1/providers/${name}/successes`, { body: { responseTimeMs: 1 } });
    await world.call(app, 'POST', `/v1/providers/${name}/marks`, { body: { status: 'healthy' } });
    await isLost(name);
    await removeNamespace(`${world.namespace}:{providers}`);
    await look(app);
    await isLost(name);
  }, 60_000);

  it('is called all the same while an operator says what it is', async () => {
    const name = await aLostProvider();
    const body = { status: 'healthy', reason: 'services have the key' };
    await world.call(app, 'PUT', `/v1/providers/${name}/override`, { body });
    expect(await status(name)).toMatchObject({ available: true, misconfigured: 'key' });
    await world.call(app, 'DELETE', `/v1/providers/${name}/override`);
    await isLost(name);
  }, 60_000);

  it.each([
    ['set anew', { apiKey: `${KEY}-2` }],
    ['removed', { apiKey: null }],
    ['removed with its origin', { baseUrl: 'https://elsewhere.example.test' }],
  ])(
    'is what it was as soon as its key is %s',
    async (_what, body) => {
      const name = await aLostProvider();
      expect((await world.call(app, 'PATCH', `/v1/providers/${name}`, { body })).status).toBe(200);
      expect(await status(name)).toMatchObject({ available: true, reason: 'healthy' });
    },
    60_000,
  );

  it('is what it was when a replica has the old secret again, and stays so while replicas differ', async () => {
    const name = await aLostProvider();
    old = await world.start({ encryptionKeys: [NEW, OLD] });
    await isThere(name);
    await look(app);
    expect(await status(name)).toMatchObject({ available: true });
    await world.stop(old);
    await forgetReadings();
    await look(app);
    await isLost(name);
  }, 60_000);

  it('is noticed by a check and by a release as well', async () => {
    const upstream = await answering((_request, response) => response.end());
    const caller = await openTransport({
      ...{ service: 'gateway', redis: testRedisSettings(), namespace: world.namespace },
    });
    try {
      await app.startAllMicroservices();
      old = await world.start({ encryptionKeys: [OLD] });
      const names: string[] = [];
      while (names.length < 2)
        names.push(
          await world.aProvider(old, {
            ...{ apiKey: KEY, baseUrl: `http://127.0.0.1:${upstream.port}` },
            healthCheck: { type: 'http', intervalSeconds: 86_400, headers: { authorization: '{{apiKey}}' } },
          }),
        );
      const [checked = '', released = ''] = names;
      await world.stop(old);
      await forgetReadings();
      const check = await world.call(app, 'POST', `/v1/providers/${checked}/check`);
      expect(check.body).toMatchObject({ ok: false, message: 'the API key cannot be opened' });
      await isLost(checked);
      expect(upstream.connections()).toBe(0);
      const token = await world.serviceToken(['providers:use-key']);
      const { publicKey } = newBoxKeys();
      const requests: RequestClient<ProviderRequests> = caller.clients.of('provider-health');
      const asked = firstValueFrom(
        requests.send('providers.use-key', { name: released, publicKey }, { token }),
      );
      await expect(asked).rejects.toMatchObject({ type: 'provider-key-unreadable', status: 503 });
      await isLost(released);
    } finally {
      await caller.close();
      await upstream.close();
    }
  }, 60_000);
});
