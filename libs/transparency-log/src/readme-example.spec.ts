import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import {
  createNoteSigner,
  formatProofFile,
  formatTilePath,
  inclusionProof,
  leafHash,
  parseVerifierKey,
  signCheckpoint,
  tileHashReader,
  TiledTree,
  verifyProofFile,
} from './index.js';

const folder = join(import.meta.dirname, '..');

/** The block of code in the README, without its first line, which imports. */
const example = /```ts\n([^]*?)\n```/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1] ?? '';

describe('the example in the README', () => {
  it('is what runs here', () => {
    const trimmed = (text: string) => text.replaceAll(/^\s+/gm, '');
    expect(example).not.toBe('');
    expect(trimmed(readFileSync(import.meta.filename, 'utf8'))).toContain(trimmed(example));
  });

  it('proves an entry', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const tiles = new Map<string, Buffer>();

    // The log: append, store the tiles, sign a checkpoint.
    const signer = createNoteSigner('audit.example.com', privateKey);
    const entries = ['login ada', 'login bob', 'logout ada'].map((text) => Buffer.from(text));
    const tree = TiledTree.empty();
    const full = tree.append(entries.map(leafHash));
    for (const tile of [...full, ...tree.openTiles()]) tiles.set(formatTilePath(tile), tile.bytes);
    const head = {
      origin: 'audit.example.com',
      size: tree.size,
      root: tree.root(),
      extensions: [],
    };
    const checkpoint = signCheckpoint(head, [signer]);

    // The log, asked for a proof of entry 1: from the tiles alone.
    const readHash = tileHashReader(tree.size, (tile) => tiles.get(formatTilePath(tile)) ?? Buffer.alloc(0));
    const path = await inclusionProof(1, tree.size, readHash);
    const proof = formatProofFile({ index: 1, path, checkpoint });

    // Whoever has the entry and the key of the log: offline. Throws unless the log holds the entry.
    const log = {
      origin: 'audit.example.com',
      keys: [parseVerifierKey(signer.verifierKey)],
    };
    const { size } = verifyProofFile(proof, leafHash(Buffer.from('login bob')), log);

    expect(size).toBe(3);
    expect(() => verifyProofFile(proof, leafHash(Buffer.from('login eve')), log)).toThrow('another root');
  });
});
