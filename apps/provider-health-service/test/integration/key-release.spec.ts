import { newBoxKeys, openBox, UnsealError } from '@gatehouse/envelope-encryption';
import {
  type ProviderRequests,
  releaseContext,
  type ReleasedProviderKey,
} from '@gatehouse/provider-health-contracts';
import {
  type OpenTransport,
  openTransport,
  type RequestClient,
  type SendOptions,
} from '@gatehouse/redis-transport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { aToken } from '../../../../test/support/access-tokens.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { ProviderWorld } from './provider-world.js';

const KEY = 'sk-planted-0123456789-end4';

describe('providers.use-key', () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;
  let caller: OpenTransport;
  let client: RequestClient<ProviderRequests>;
  let service: string;

  const ask = (name: string, publicKey: string, options: SendOptions) =>
    firstValueFrom(client.send('providers.use-key', { name, publicKey }, options));
  const bearer = (token: string) => ({ token });
  const open = (name: string, keys: ReturnType<typeof newBoxKeys>, released: ReleasedProviderKey) =>
    openBox(keys, released.sealedKey, releaseContext({ name, ...released })).toString();

  beforeAll(async () => {
    await world.open();
    app = await world.start();
    await app.startAllMicroservices();
    caller = await openTransport({
      ...{ service: 'gateway', redis: testRedisSettings(), namespace: world.namespace },
    });
    client = caller.clients.of('provider-health');
    service = await world.serviceToken(['providers:use-key']);
  }, 60_000);

  afterAll(async () => {
    await caller.close();
    await world.close();
  }, 30_000);

  it('gives a service the key, sealed to it, and says so in the trail', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    const keys = newBoxKeys();
    const released = await ask(name, keys.publicKey, bearer(service));
    expect(JSON.stringify(released)).not.toContain('planted');
    expect(released.origin).toBe('https://api.example.test');
    expect(open(name, keys, released)).toBe(KEY);
    const { keyId } = released;
    expect((await world.events(app, name)).at(-1)).toMatchObject({
      ...{ action: 'provider.key-released', outcome: 'success' },
      actor: { type: 'service', id: 'gateway-service' },
      details: { keyId, origin: 'https://api.example.test' },
    });
  });

  it('gives nothing to who records the answer, or gives it to another request', async () => {
    const [name, other] = [await world.aProvider(app, { apiKey: KEY }), await world.aProvider(app)];
    const keys = newBoxKeys();
    const released = await ask(name, keys.publicKey, bearer(service));
    expect(() => open(name, newBoxKeys(), released)).toThrow(UnsealError);
    expect(() => open(other, keys, released)).toThrow(UnsealError);
    expect(() => open(name, keys, { ...released, origin: 'https://evil.example.test' })).toThrow(UnsealError);
  });

  it('gives it to no user and no API key, whatever they may do, and says so in the trail', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    await world.platform.changeRoles({
      keeper: { parent: 'user', permissions: ['providers:use-key'] },
    });
    const admin = world.tokens.get('admin') ?? '';
    const keeper = await aToken(world.platform.key, { claims: { role: 'keeper', sub: 'keeper' } });
    const owner = { id: 'admin-1', role: 'admin', epoch: 0 };
    const { key: apiKey } = world.platform.anApiKey({ owner, permissions: ['providers:use-key'] });
    const asked = [bearer(admin), bearer(keeper), { token: null, headers: { 'x-api-key': apiKey } }];
    for (const options of asked)
      await expect(ask(name, newBoxKeys().publicKey, options)).rejects.toMatchObject({ status: 403 });
    await expect(ask(name, newBoxKeys().publicKey, bearer(admin))).rejects.toMatchObject({
      type: 'not-a-service',
    });
    const events = (await world.events(app, name)).filter(({ action }) => action === 'provider.key-released');
    expect(new Set(events.map(({ outcome, reason }) => `${String(outcome)} ${String(reason)}`))).toEqual(
      new Set(['denied not-a-service']),
    );
  });

  it('gives it to no service without the permission, and to nobody without a token', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    const lacking = ['providers:read', 'providers:write', 'providers:report', 'providers:override'];
    const other = await world.serviceToken(lacking, 'other-service');
    await expect(ask(name, newBoxKeys().publicKey, bearer(other))).rejects.toMatchObject({
      type: 'insufficient-permission',
    });
    await expect(ask(name, newBoxKeys().publicKey, { token: null })).rejects.toMatchObject({ status: 401 });
  });

  it('seals to no key with which everybody would know the secret', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    for (const publicKey of [Buffer.alloc(32).toString('base64url'), `AQ${'A'.repeat(41)}`, 'short'])
      await expect(ask(name, publicKey, bearer(service))).rejects.toMatchObject({
        type: 'validation-failed',
      });
    expect(await world.events(app, name)).toHaveLength(1);
  });

  it('gives none of a provider without one', async () => {
    for (const name of [await world.aProvider(app), 'nobody'])
      await expect(ask(name, newBoxKeys().publicKey, bearer(service))).rejects.toMatchObject({
        type: 'no-provider-key',
      });
  });

  it('gives none that cannot be told to the trail', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    const dataSource = app.get(DataSource);
    await dataSource.query(`ALTER TABLE outbox_message RENAME TO outbox_message_away`);
    try {
      await expect(ask(name, newBoxKeys().publicKey, bearer(service))).rejects.toMatchObject({
        status: 500,
      });
    } finally {
      await dataSource.query(`ALTER TABLE outbox_message_away RENAME TO outbox_message`);
    }
  });
});
