import { randomUUID } from 'node:crypto';
import { newApiKey, type OpenAccessControl } from '@gatehouse/access-control';
import { eventually } from '../../../../test/support/eventually.js';
import { ApiKeyFactsSigner } from '../../src/api-keys/api-key-facts.signer.js';
import { ApiKeyWorld } from './api-key-world.js';
import { VerifyingProcesses } from './verifying-processes.js';

describe('API keys in other processes', () => {
  const world = new ApiKeyWorld();
  const processes = new VerifyingProcesses(world);
  let services: [OpenAccessControl, OpenAccessControl];

  const open = () => processes.open();
  const verdict = ({ apiKeys }: OpenAccessControl, key: string, address?: string) =>
    apiKeys.authenticate(key, address).then(
      ({ principal }) => principal.permissions.join(' '),
      (error: { type?: string }) => error.type,
    );
  const inBoth = (key: string) => Promise.all(services.map((service) => verdict(service, key)));

  beforeAll(async () => {
    await processes.start();
    services = [await open(), await open()];
  }, 30_000);
  afterAll(() => processes.stop(), 30_000);

  it('are taken by each, and refused by each after one deletion', async () => {
    const { tokens } = await world.aUser('admin');
    const { id, key } = await world.aKey(tokens['accessToken'], ['audit:read', 'providers:*']);
    expect(await inBoth(key)).toEqual(Array(2).fill('audit:read providers:*'));
    expect((await world.keys('DELETE', `/${id}`, tokens['accessToken'])).status).toBe(204);
    await eventually(
      'it is refused',
      async () => (await inBoth(key)).join() === 'unauthenticated,unauthenticated',
    );
  });

  it('lose what their user loses, and end with it', async () => {
    const { id, tokens } = await world.aUser('admin');
    const { key } = await world.aKey(tokens['accessToken'], ['audit:read', 'providers:*']);
    expect(await inBoth(key)).toEqual(Array(2).fill('audit:read providers:*'));
    await world.as('PATCH', `/${id}`, { role: 'viewer' });
    await eventually(
      'they may do less',
      async () => (await inBoth(key)).join() === 'providers:read,providers:read',
    );
    await world.as('DELETE', `/${id}`);
    await eventually(
      'it is refused',
      async () => (await inBoth(key)).join() === 'unauthenticated,unauthenticated',
    );
  });

  it('are refused on every use when they are deleted while the answer is on its way', async () => {
    const { tokens } = await world.aUser('admin');
    const { id, key } = await world.aKey(tokens['accessToken'], ['audit:read']);
    const signer = world.app.get(ApiKeyFactsSigner, { strict: false });
    let release: () => void = () => undefined;
    let asked = 0;
    const gate = new Promise<void>((resolve) => (release = resolve));
    signer.sign = async (...of) => {
      asked++;
      await gate;
      return ApiKeyFactsSigner.prototype.sign.apply(signer, of);
    };
    const underWay = inBoth(key);
    await eventually('auth-service has found it good', () => asked === 2);
    expect((await world.keys('DELETE', `/${id}`, tokens['accessToken'])).status).toBe(204);
    const isKnown = ({ revocations }: OpenAccessControl) => {
      try {
        revocations.demandApiKeyUnrevoked(id);
        return false;
      } catch {
        return true;
      }
    };
    await eventually('the deletion is known', () => services.every(isKnown));
    release();
    expect(await underWay).toEqual(['unauthenticated', 'unauthenticated']);
    signer.sign = ApiKeyFactsSigner.prototype.sign.bind(signer);
    for (let use = 0; use < 3; use++)
      expect(await inBoth(key)).toEqual(['unauthenticated', 'unauthenticated']);
  });

  it('that there are not are limited by the address that is said, and by none where none is said', async () => {
    const [service] = services;
    const shown = (address?: string) => verdict(service, newApiKey(randomUUID()), address);
    const answers = new Set<string | undefined>();
    for (let n = 0; n < 101; n++) answers.add(await shown('192.0.2.7'));
    expect([...answers]).toEqual(['unauthenticated', 'too-many-requests']);
    expect(await shown('192.0.2.8')).toBe('unauthenticated');
    expect(await shown()).toBe('unauthenticated');
  });
});
