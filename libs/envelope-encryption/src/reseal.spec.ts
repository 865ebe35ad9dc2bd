import { Keyring } from './keyring.js';
import { resealAll, type SealedValues } from './reseal.js';

const OLD = 'old-secret-of-more-than-32-characters';
const NEW = 'new-secret-of-more-than-32-characters';
const rotated = new Keyring([NEW, OLD]);

/** Two on a page. */
const storeOf = (stored: Map<string, string>): SealedValues => ({
  page: (after) =>
    Promise.resolve(
      [...stored]
        .filter(([id]) => id > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, 2)
        .map(([id, sealed]) => ({ id, sealed, context: `value:${id}` })),
    ),
  replace: (id, sealed, by) => {
    const is = stored.get(id) === sealed;
    if (is) stored.set(id, by);
    return Promise.resolve(is);
  },
});
const seal = (keyring: Keyring, id: string) => keyring.seal(Buffer.from(`secret ${id}`), `value:${id}`);
const valuesOf = (keyring: Keyring, ...ids: string[]) => new Map(ids.map((id) => [id, seal(keyring, id)]));

describe('resealAll', () => {
  it('seals all by the first secret, after which the old one is not needed', async () => {
    const stored = valuesOf(new Keyring([OLD]), 'a', 'b', 'c', 'd', 'e');
    stored.set('f', seal(new Keyring([NEW]), 'f'));
    const counts = await resealAll(rotated, storeOf(stored));
    expect(counts).toEqual({ resealed: 5, current: 1, changed: 0, unreadable: 0 });
    for (const [id, sealed] of stored)
      expect(new Keyring([NEW]).open(sealed, `value:${id}`).toString()).toBe(`secret ${id}`);
    expect(await resealAll(rotated, storeOf(stored))).toMatchObject({ resealed: 0, current: 6 });
  });

  it('goes on where it was stopped', async () => {
    const stored = valuesOf(new Keyring([OLD]), 'a', 'b', 'c');
    const store = storeOf(stored);
    const page = (after: string) => (after === '' ? store.page(after) : Promise.reject(new Error('stopped')));
    await expect(resealAll(rotated, { ...store, page })).rejects.toThrow('stopped');
    expect(await resealAll(rotated, store)).toMatchObject({ resealed: 1, current: 2 });
  });

  it('leaves what somebody changed after it was read', async () => {
    const stored = valuesOf(new Keyring([OLD]), 'a');
    const store = storeOf(stored);
    const theirs = seal(new Keyring([OLD]), 'a');
    const replace = (id: string, sealed: string, by: string) => {
      stored.set('a', theirs);
      return store.replace(id, sealed, by);
    };
    expect(await resealAll(rotated, { ...store, replace })).toMatchObject({ resealed: 0, changed: 1 });
    expect(stored.get('a')).toBe(theirs);
  });

  it('leaves what it cannot open, and says so', async () => {
    const stored = valuesOf(new Keyring(['lost-secret-of-more-than-32-characters']), 'a');
    const before = stored.get('a');
    expect(await resealAll(rotated, storeOf(stored))).toMatchObject({ unreadable: 1, resealed: 0 });
    expect(stored.get('a')).toBe(before);
  });
});
