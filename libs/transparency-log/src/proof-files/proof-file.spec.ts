import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { leaves } from '../../test/naive-tree.js';
import { MalformedCheckpointError } from '../checkpoints/checkpoint.js';
import { signCheckpoint } from '../checkpoints/signed-checkpoint.js';
import { createNoteSigner } from '../notes/note-signer.js';
import { parseVerifierKey } from '../notes/note-verifier.js';
import { UnverifiedNoteError } from '../notes/verify-note.js';
import { inclusionProof } from '../proofs/inclusion-proof.js';
import { InvalidProofError } from '../proofs/invalid-proof-error.js';
import { MerkleTree } from '../trees/merkle-tree.js';
import { formatProofFile, MalformedProofFileError, parseProofFile, verifyProofFile } from './proof-file.js';

const hashes = leaves(50);
const tree = new MerkleTree(hashes);
const signer = createNoteSigner('example.com/log', generateKeyPairSync('ed25519').privateKey);
const log = {
  origin: 'example.com/log',
  keys: [parseVerifierKey(signer.verifierKey)],
};

async function file(index: number, size: number, extra?: Buffer) {
  const checkpoint = signCheckpoint({ origin: log.origin, size, root: tree.root(size), extensions: [] }, [
    signer,
  ]);
  return {
    index,
    path: await inclusionProof(index, size, tree.readHash),
    checkpoint,
    ...(extra && { extra }),
  };
}

const place = fc.integer({ min: 1, max: 50 }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
const extra = fc.option(
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  { nil: undefined },
);

describe('a proof file', () => {
  it('has the lines of tlog-proof', async () => {
    const { path, checkpoint } = await file(2, 4);
    expect(
      formatProofFile({
        index: 2,
        path,
        checkpoint,
        extra: Buffer.from('more'),
      }),
    ).toBe(
      [
        'c2sp.org/tlog-proof@v1',
        'extra bW9yZQ==',
        'index 2',
        (hashes[3] as Buffer).toString('base64'),
        tree.root(2).toString('base64'),
        '',
        checkpoint,
      ].join('\n'),
    );
  });

  it('is read as it was written, and proves its entry', async () => {
    await fc.assert(
      fc.asyncProperty(place, extra, async ([index, size], more) => {
        const written = await file(index, size, more);
        const text = formatProofFile(written);
        const read = parseProofFile(Buffer.from(text));
        expect([read.index, read.checkpoint, read.path.map(String), String(read.extra)]).toEqual([
          index,
          written.checkpoint,
          written.path.map(String),
          String(more),
        ]);
        expect(formatProofFile(read)).toBe(text);
        expect(verifyProofFile(text, hashes[index] as Buffer, log)).toMatchObject({
          origin: log.origin,
          size,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('proves no other entry, nor that place to another key or for another log', async () => {
    const text = formatProofFile(await file(7, 20));
    expect(() => verifyProofFile(text, hashes[8] as Buffer, log)).toThrow(InvalidProofError);
    const other = createNoteSigner('example.com/log', generateKeyPairSync('ed25519').privateKey);
    const keys = [parseVerifierKey(other.verifierKey)];
    expect(() => verifyProofFile(text, hashes[7] as Buffer, { ...log, keys })).toThrow(UnverifiedNoteError);
    expect(() => verifyProofFile(text, hashes[7] as Buffer, { ...log, origin: 'b' })).toThrow(
      MalformedCheckpointError,
    );
    expect(() => verifyProofFile(text.replace('index 7', 'index 6'), hashes[7] as Buffer, log)).toThrow(
      InvalidProofError,
    );
  });

  it('is refused with any of its bytes changed', async () => {
    const text = Buffer.from(formatProofFile(await file(7, 20)));
    for (let at = 0; at < text.length; at += 1) {
      const changed = Buffer.from(text);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => verifyProofFile(changed, hashes[7] as Buffer, log)).toThrow();
    }
  });

  it('is refused with hashes left out, added or in another order', async () => {
    const written = await file(7, 20);
    const { path } = written;
    for (const changed of [path.slice(1), path.slice(0, -1), [...path, ...path], [...path].reverse()]) {
      const text = formatProofFile({ ...written, path: changed });
      expect(() => verifyProofFile(text, hashes[7] as Buffer, log)).toThrow(InvalidProofError);
    }
  });

  const NOTE = 'log\n0\n\n— a x08go/Zj\n';
  const HASH = (hashes[0] as Buffer).toString('base64');
  it.each([
    // As in transparency-dev/merkle, proof/tlog_proof_test.go.
    ['another header', `wrong-header\nindex 0\n\n${NOTE}`],
    ['extra data that is no base64', `c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\n${NOTE}`],
    ['no index', `c2sp.org/tlog-proof@v1\n\n\n${NOTE}`],
    ['an index that is no number', `c2sp.org/tlog-proof@v1\nindex notanumber\n\n${NOTE}`],
    ['a negative index', `c2sp.org/tlog-proof@v1\nindex -5\n\n${NOTE}`],
    ['a hash that is no base64', `c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\n${NOTE}`],
    ['a hash that is too long', `c2sp.org/tlog-proof@v1\nindex 0\n${HASH.slice(0, -1)}${HASH}\n\n${NOTE}`],

    ['nothing', ''],
    ['the header alone', 'c2sp.org/tlog-proof@v1\n'],
    ['another version', `c2sp.org/tlog-proof@v2\nindex 0\n\n${NOTE}`],
    ['a leading zero', `c2sp.org/tlog-proof@v1\nindex 00\n\n${NOTE}`],
    ['an index of 2^53', `c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\n${NOTE}`],
    ['the index before the extra data', `c2sp.org/tlog-proof@v1\nindex 0\nextra YQ==\n\n${NOTE}`],
    ['no empty line', `c2sp.org/tlog-proof@v1\nindex 0\n${NOTE}`],
    ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n\n'],
    ['a checkpoint that nobody signed', 'c2sp.org/tlog-proof@v1\nindex 0\n\nlog\n'],
    ['carriage returns', `c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n${NOTE}`],
    ['a hash that is too short', `c2sp.org/tlog-proof@v1\nindex 0\nYQ==\n\n${NOTE}`],
    ['more than a million bytes', `c2sp.org/tlog-proof@v1\nindex 0\n${`${HASH}\n`.repeat(30_000)}\n${NOTE}`],
  ])('is not read with %s', (_what, text) => {
    expect(() => parseProofFile(text)).toThrow(MalformedProofFileError);
  });

  it('is read with no hashes, and a checkpoint of any signed note', () => {
    expect(parseProofFile(`c2sp.org/tlog-proof@v1\nindex 0\n\n${NOTE}`)).toEqual({
      index: 0,
      path: [],
      checkpoint: NOTE,
    });
  });

  it('fails in one way only', () => {
    const pieces = fc.constantFrom(
      'c2sp.org/tlog-proof@v1\n',
      'index ',
      'extra ',
      '0',
      '\n',
      HASH,
      NOTE,
      'YQ==',
    );
    const garbage = fc.oneof(
      fc.uint8Array(),
      fc.array(pieces).map((all) => `c2sp.org/tlog-proof@v1\n${all.join('')}`),
    );
    fc.assert(
      fc.property(garbage, (input) => {
        try {
          parseProofFile(input);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedProofFileError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
