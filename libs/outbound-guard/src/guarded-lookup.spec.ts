import type { LookupAddress, LookupOptions } from 'node:dns';
import { guardedLookup } from './guarded-lookup.js';

const answering =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));

function lookUp(resolve: () => Promise<LookupAddress[]>, options: LookupOptions = { all: true }) {
  return new Promise<string | LookupAddress[]>((done, fail) => {
    guardedLookup({ allowPrivate: false }, resolve)('name.test', options, (error, address) =>
      error ? fail(error) : done(address),
    );
  });
}

describe('guardedLookup', () => {
  it('hands on what it checked', async () => {
    expect(await lookUp(answering('1.1.1.1', '2606:4700::1'))).toEqual([
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    expect(await lookUp(answering('1.1.1.1', '8.8.8.8'), {})).toBe('1.1.1.1');
  });

  it.each([[['127.0.0.1']], [['1.1.1.1', '10.0.0.1']], [['2606:4700::1', '::ffff:169.254.169.254']]])(
    'refuses a name of %p whole',
    async (addresses) => {
      await expect(lookUp(answering(...addresses))).rejects.toMatchObject({ kind: 'address' });
      await expect(lookUp(answering(...addresses), {})).rejects.toMatchObject({ kind: 'address' });
    },
  );

  it('fails for a name without addresses, and as the resolver fails', async () => {
    await expect(lookUp(answering())).rejects.toMatchObject({ kind: 'network', code: 'ENOTFOUND' });
    await expect(lookUp(() => Promise.reject(new Error('no resolver')))).rejects.toThrow('no resolver');
  });
});
