import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { ProviderKeyRepository } from '../../src/provider-keys/provider-key.repository.js';
import { ProviderKeyResealer } from '../../src/provider-keys/provider-key.resealer.js';
import { ProviderKeys } from '../../src/provider-keys/provider.keys.js';
import { ProviderWorld } from './provider-world.js';

const KEY = 'sk-planted-0123456789-end4';

describe("providers' API keys at rest", () => {
  const world = new ProviderWorld();
  let app: NestFastifyApplication;
  const query = <Row>(statement: string, parameters: unknown[] = []): Promise<Row[]> =>
    app.get(DataSource).query<Row[]>(statement, parameters);
  const open = (name: string, by = app) => by.get(ProviderKeys, { strict: false }).open(name);

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 60_000);

  afterAll(() => world.close(), 30_000);

  it('keeps a key and tells of it only its id, its end and when it was set', async () => {
    const name = world.aName();
    const body = { name, kind: 'openai', baseUrl: 'https://api.example.test/v1', apiKey: KEY };
    const made = await world.call(app, 'POST', '/v1/providers', { body });
    const told = { keyId: expect.any(String) as string, last4: 'end4', setAt: expect.any(String) as string };
    expect(made).toMatchObject({ status: 201, body: { apiKey: told } });
    const [got, listed] = await Promise.all([
      world.call(app, 'GET', `/v1/providers/${name}`),
      world.call(app, 'GET', '/v1/providers'),
    ]);
    expect(got.body).toEqual(made.body);
    expect(listed.body['items']).toContainEqual(made.body);
    expect([made.text, got.text, listed.text].join()).not.toContain('planted');
    const key = await open(name);
    expect([key?.origin, key?.reveal()]).toEqual(['https://api.example.test', KEY]);
  });

  it('tells nothing of the end of a short key, and nothing at all where there is none', async () => {
    const short = await world.aProvider(app, { apiKey: '0123456789abcde' });
    const answer = await world.call(app, 'GET', `/v1/providers/${short}`);
    expect(Object.keys(answer.body['apiKey'] as object).sort()).toEqual(['keyId', 'setAt']);
    const none = await world.aProvider(app);
    expect((await world.call(app, 'GET', `/v1/providers/${none}`)).body).not.toHaveProperty('apiKey');
    expect(await open(none)).toBeUndefined();
  });

  it('says in the audit trail that there is a key, by its id', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    const { keyId } = (await world.call(app, 'GET', `/v1/providers/${name}`)).body['apiKey'] as {
      keyId: string;
    };
    const events = await world.events(app, name);
    expect(events).toMatchObject([{ action: 'provider.created', details: { keyId } }]);
    expect(JSON.stringify(events)).not.toMatch(/planted|end4/);
  });

  it.each(['sealed_key', 'key_id', 'origin'])(
    'does not open when %s was exchanged between two rows of the database',
    async (column) => {
      const [one, other] = [
        await world.aProvider(app, { apiKey: KEY }),
        await world.aProvider(app, { apiKey: `${KEY}-other`, baseUrl: 'https://other.example.test' }),
      ];
      await query(
        `UPDATE provider_key SET ${column} = o.${column} FROM provider_key o
         WHERE provider_key.provider IN ($1, $2) AND o.provider IN ($1, $2) AND o.provider <> provider_key.provider`,
        [one, other],
      );
      for (const name of [one, other])
        await expect(open(name)).rejects.toMatchObject({ type: 'provider-key-unreadable', status: 503 });
    },
  );

  it('opens with any secret of ENCRYPTION_KEY, and not without it', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    const [ours, others] = [
      'an-encryption-key-of-the-tests-long-enough',
      'another-encryption-key-of-the-tests',
    ];
    const rotated = await world.start({ encryptionKeys: [others, ours] });
    expect((await open(name, rotated))?.reveal()).toBe(KEY);
    const without = await world.start({ encryptionKeys: [others] });
    await expect(open(name, without)).rejects.toMatchObject({ type: 'provider-key-unreadable' });
    await Promise.all([world.stop(rotated), world.stop(without)]);
  }, 30_000);

  it('is sealed by a new secret while the service runs, after which the old one is not needed', async () => {
    const [ours, next] = [
      'an-encryption-key-of-the-tests-long-enough',
      'the-next-encryption-key-of-the-tests',
    ];
    await query(`DELETE FROM provider`);
    const names: string[] = [];
    while (names.length < 120) names.push(await world.aProvider(app, { apiKey: KEY }));
    const both = await world.start({ encryptionKeys: [next, ours] });
    const resealer = new ProviderKeyResealer(new ProviderKeyRepository(app.get(DataSource)));
    const changed = names.slice(0, 20);
    const keys = both.get(ProviderKeys, { strict: false });
    const changes = changed.map((provider) =>
      both.get(DataSource).transaction((manager) => {
        const apiKey = `${KEY}-of-${provider}`;
        return keys.set(manager, { provider, apiKey, baseUrl: 'https://api.example.test' });
      }),
    );
    const [counts] = await Promise.all([resealer.resealAll([next, ours]), ...changes]);
    expect(counts.resealed + counts.changed + counts.current).toBe(120);
    expect(counts.unreadable).toBe(0);
    const without = await world.start({ encryptionKeys: [next] });
    for (const name of names)
      expect((await open(name, without))?.reveal()).toBe(changed.includes(name) ? `${KEY}-of-${name}` : KEY);
    expect(await resealer.resealAll([next, ours])).toMatchObject({ resealed: 0, current: 120 });
    expect(await resealer.resealAll([ours])).toMatchObject({ unreadable: 120 });
    await Promise.all([world.stop(both), world.stop(without)]);
  }, 60_000);

  it('removes the key with the provider', async () => {
    const name = await world.aProvider(app, { apiKey: KEY });
    await query(`DELETE FROM provider WHERE name = $1`, [name]);
    expect(await query(`SELECT 1 FROM provider_key WHERE provider = $1`, [name])).toEqual([]);
  });
});
