import { inspect } from 'node:util';
import { sealTo } from '@gatehouse/envelope-encryption';
import { DomainError } from '@gatehouse/problem-details';
import { releaseContext, type UseProviderKey } from '@gatehouse/provider-health-contracts';
import { eventually } from '../../../../test/support/eventually.js';
import { ProviderKeyUnavailableError } from '../provider-client.errors.js';
import { ProviderKeyClient } from './provider-key.client.js';
import { KeyOriginError, ProviderKey } from './provider-key.js';

const ORIGIN = 'https://api.example.test';

/** What the service has of one provider, and what it was asked. */
class Service {
  keyId = 'k1';
  origin = ORIGIN;
  failure: Error | undefined;
  held: Promise<void> = Promise.resolve();
  readonly asked: UseProviderKey[] = [];

  ask = async (_pattern: unknown, payload: unknown): Promise<never> => {
    const asked = payload as UseProviderKey;
    this.asked.push(asked);
    const { keyId, origin, failure } = this;
    await this.held;
    if (failure !== undefined) throw failure;
    const context = releaseContext({ name: asked.name, keyId, origin });
    const sealedKey = sealTo(asked.publicKey, Buffer.from(`sk-${asked.name}-${keyId}`), context);
    return { keyId, origin, sealedKey } as never;
  };
}

const open = (service: Service, keepMs = 60_000) => {
  const known = new Map<string, string | undefined>([
    ['one', 'k1'],
    ['two', 'k1'],
  ]);
  return { known, client: new ProviderKeyClient((name) => known.get(name), service, keepMs) };
};

describe('ProviderKeyClient', () => {
  it('asks once for many callers, with a key pair of its own for each question, and keeps the answer', async () => {
    const service = new Service();
    const { client } = open(service);
    const keys = await Promise.all([1, 2, 3].map(() => client.getProviderKey('one')));
    expect(keys.map((key) => key.revealFor(`${ORIGIN}/v1`))).toEqual(Array(3).fill('sk-one-k1'));
    expect((await client.getProviderKey('one')).keyId).toBe('k1');
    expect((await client.getProviderKey('two')).revealFor(ORIGIN)).toBe('sk-two-k1');
    expect(service.asked.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(new Set(service.asked.map(({ publicKey }) => publicKey)).size).toBe(2);
    client.close();
  });

  it('asks anew as soon as the provider has another key, or none', async () => {
    const service = new Service();
    const { client, known } = open(service);
    await client.getProviderKey('one');
    service.keyId = 'k2';
    known.set('one', 'k2');
    expect((await client.getProviderKey('one')).revealFor(ORIGIN)).toBe('sk-one-k2');
    await client.getProviderKey('one');
    expect(service.asked).toHaveLength(2);
    known.set('one', undefined);
    await client.getProviderKey('one');
    expect(service.asked).toHaveLength(3);
    client.close();
  });

  it('gives nobody who asks after a change the answer to a question of before', async () => {
    const service = new Service();
    let release = () => {};
    service.held = new Promise((resolve) => (release = resolve));
    const { client, known } = open(service);
    const before = client.getProviderKey('one');
    service.keyId = 'k2';
    known.set('one', 'k2');
    const after = client.getProviderKey('one');
    release();
    expect([(await before).keyId, (await after).keyId]).toEqual(['k1', 'k2']);
    expect((await client.getProviderKey('one')).keyId).toBe('k2');
    client.close();
  });

  it('forgets a key after a while, and all of them at its end', async () => {
    const service = new Service();
    const { client } = open(service, 20);
    await client.getProviderKey('one');
    await eventually('it asks again', async () => {
      await client.getProviderKey('one');
      return service.asked.length > 1;
    });
    const { client: closed } = open(service);
    await closed.getProviderKey('one');
    closed.close();
    const asked = service.asked.length;
    await closed.getProviderKey('one');
    expect(service.asked).toHaveLength(asked + 1);
    closed.close();
  });

  it('says why there is none, and asks again the next time', async () => {
    const service = new Service();
    const { client } = open(service);
    service.failure = new DomainError({ type: 'no-provider-key', status: 404, title: 'None' });
    const refused = await client.getProviderKey('one').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProviderKeyUnavailableError);
    expect(refused).toMatchObject({ status: 503, detail: 'one: no-provider-key', cause: service.failure });
    service.failure = undefined;
    expect((await client.getProviderKey('one')).keyId).toBe('k1');
    client.close();
  });

  it('takes no answer that is for another provider, key or origin than it says', async () => {
    const service = new Service();
    const { client } = open(service);
    for (const lie of [{ keyId: 'k9' }, { origin: 'https://evil.test' }]) {
      const ask = async (pattern: unknown, payload: unknown): Promise<never> => {
        const answer: object = await service.ask(pattern, payload);
        return { ...answer, ...lie } as never;
      };
      const lying = new ProviderKeyClient(() => 'k1', { ask }, 1_000);
      await expect(lying.getProviderKey('one')).rejects.toMatchObject({ type: 'provider-key-unavailable' });
    }
    client.close();
  });
});

describe('ProviderKey', () => {
  const key = new ProviderKey('k1', ORIGIN, 'sk-planted');

  it.each([
    'https://evil.test/api.example.test',
    'http://api.example.test/',
    'https://api.example.test:444/',
    'https://api.example.test.evil.test/',
    'https://api.example.test@evil.test/',
    'https://api.example.test./',
    '/v1',
    '',
  ])('is not given for %p', (url) => {
    expect(() => key.revealFor(url)).toThrow(KeyOriginError);
  });

  it.each(['https://API.example.test:443/v1?x=y', new URL(`${ORIGIN}/v1`)])('is given for %s', (url) => {
    expect(key.revealFor(url)).toBe('sk-planted');
  });

  it('is shown by neither JSON nor a log line', () => {
    const shown = [JSON.stringify({ key }), inspect({ key }, { showHidden: true, depth: 9 })];
    expect(shown.join()).not.toContain('planted');
  });
});
