import { createHash } from 'node:crypto';
import { EMPTY_ROOT, leafHash, nodeHash } from './tree-hashes.js';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

describe('the hashes of a tree', () => {
  // The known answers of transparency-dev/merkle (testonly/constants.go), which are those of the first CT logs.
  it.each([
    ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['00', '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'],
    ['40414243', '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658'],
  ])('are of a leaf of %j as in RFC 6962', (entry, expected) => {
    expect(leafHash(bytes(entry)).toString('hex')).toBe(expected);
  });

  it('are of a node as in RFC 6962', () => {
    expect(nodeHash(leafHash(bytes('')), leafHash(bytes('00'))).toString('hex')).toBe(
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    );
  });

  it('are of nothing, for an empty tree', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it.each([0, 1, 65_534, 65_535, 65_536, 1_000_000])(
    'do not depend on how long a leaf is: %d bytes',
    (length) => {
      const entry = Buffer.alloc(length, 7);
      const before = leafHash(Buffer.from('another'));
      expect(leafHash(entry)).toEqual(createHash('sha256').update(Buffer.of(0)).update(entry).digest());
      expect(leafHash(Buffer.from('another'))).toEqual(before);
    },
  );

  it('are of children of 32 bytes only', () => {
    expect(() => nodeHash(EMPTY_ROOT, EMPTY_ROOT.subarray(1))).toThrow(TypeError);
    expect(() => nodeHash(Buffer.alloc(33), EMPTY_ROOT)).toThrow(TypeError);
  });
});
