import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { leaves } from '../../test/naive-tree.js';
import { EMPTY_ROOT } from '../hashing/tree-hashes.js';
import { createNoteSigner, signNote } from '../notes/note-signer.js';
import { parseVerifierKey } from '../notes/note-verifier.js';
import { UnverifiedNoteError } from '../notes/verify-note.js';
import { consistencyProof } from '../proofs/consistency-proof.js';
import { InvalidProofError } from '../proofs/invalid-proof-error.js';
import { MerkleTree } from '../trees/merkle-tree.js';
import {
  type Checkpoint,
  formatCheckpoint,
  MalformedCheckpointError,
  parseCheckpoint,
} from './checkpoint.js';
import { verifyGrowth } from './growth.js';
import { signCheckpoint, verifyCheckpoint } from './signed-checkpoint.js';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
/** The example of C2SP tlog-checkpoint. */
const EXAMPLE = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;
const root = Buffer.from(ROOT, 'base64');

describe('the text of a checkpoint', () => {
  it('is that of the example in tlog-checkpoint', () => {
    const checkpoint = {
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root,
      extensions: [],
    };
    expect(parseCheckpoint(EXAMPLE)).toEqual(checkpoint);
    expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE);
  });

  it.each([
    ['nothing', ''],
    ['two lines', 'log\n0\n'],
    ['no newline at its end', `log\n0\n${ROOT}`],
    ['an empty origin', `\n0\n${ROOT}\n`],
    ['an empty extension', `log\n0\n${ROOT}\n\n`],
    ['an empty line between', `log\n0\n${ROOT}\n\na\n`],
    ['a leading zero', `log\n01\n${ROOT}\n`],
    ['a sign', `log\n+1\n${ROOT}\n`],
    ['a negative size', `log\n-1\n${ROOT}\n`],
    ['a hexadecimal size', `log\n0x1\n${ROOT}\n`],
    ['an exponent', `log\n1e3\n${ROOT}\n`],
    ['a space after the size', `log\n1 \n${ROOT}\n`],
    ['digits of another script', `log\n١\n${ROOT}\n`],
    ['a size of 2^53', `log\n9007199254740992\n${ROOT}\n`],
    ['a short root', `log\n1\n${ROOT.slice(4)}\n`],
    ['a root without padding', `log\n1\n${ROOT.slice(0, -1)}\n`],
    ['a root in base64url', `log\n1\n${ROOT.replace('/', '_')}\n`],
    ['a carriage return', `log\r\n1\n${ROOT}\n`],
  ])('is not read with %s', (_what, text) => {
    expect(() => parseCheckpoint(text)).toThrow(MalformedCheckpointError);
  });

  it('is read as it was written', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text));
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(line, fc.maxSafeNat(), hash, fc.array(line), (origin, size, root, extensions) => {
        const text = formatCheckpoint({ origin, size, root, extensions });
        const read = parseCheckpoint(text);
        expect({ ...read, root: read.root.toString('hex') }).toEqual({
          origin,
          size,
          root: root.toString('hex'),
          extensions,
        });
      }),
    );
  });

  it.each([
    ['an origin of two lines', { origin: 'a\n5' }],
    ['no origin', { origin: '' }],
    ['an empty extension', { extensions: [''] }],
    ['a size that is none', { size: 1.5 }],
    ['a negative size', { size: -1 }],
    ['a short root', { root: root.subarray(1) }],
  ])('is not written with %s', (_what, change) => {
    const checkpoint = {
      origin: 'log',
      size: 1,
      root,
      extensions: [],
      ...change,
    };
    expect(() => formatCheckpoint(checkpoint)).toThrow(MalformedCheckpointError);
  });

  it('fails in one way only', () => {
    const pieces = fc.constantFrom('\n', 'log', '12', '0', ROOT, ' ', '\0');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          try {
            expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedCheckpointError);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const signer = (name: string) => createNoteSigner(name, generateKeyPairSync('ed25519').privateKey);

describe('a signed checkpoint', () => {
  const [log, newer, witness] = [signer('log'), signer('log'), signer('witness')];
  const keys = [log, newer].map(({ verifierKey }) => parseVerifierKey(verifierKey));
  const checkpoint = { origin: 'log', size: 3, root, extensions: [] };

  it('is believed when a key of the log has signed it, whoever else has', () => {
    const note = signCheckpoint(checkpoint, [witness, log]);
    const verified = verifyCheckpoint(note, { origin: 'log', keys });
    expect(verified).toMatchObject({
      ...checkpoint,
      signatures: [{ name: 'log', keyId: log.keyId }],
    });
    expect(
      verifyCheckpoint(signCheckpoint(checkpoint, [log, newer]), {
        origin: 'log',
        keys,
      }).signatures,
    ).toHaveLength(2);
  });

  it('is not believed otherwise', () => {
    const byWitness = signCheckpoint(checkpoint, [witness]);
    expect(() => verifyCheckpoint(byWitness, { origin: 'log', keys })).toThrow(UnverifiedNoteError);
    const note = signCheckpoint(checkpoint, [log]);
    expect(() => verifyCheckpoint(note.replace('\n3\n', '\n4\n'), { origin: 'log', keys })).toThrow(
      UnverifiedNoteError,
    );
    expect(() => verifyCheckpoint(note, { origin: 'another', keys })).toThrow('another log');
    const letter = signNote({ text: 'hello\n', signatures: [] }, [log]);
    expect(() => verifyCheckpoint(letter, { origin: 'log', keys })).toThrow(MalformedCheckpointError);
  });
});

describe('the growth of a log', () => {
  const tree = new MerkleTree(leaves(20));
  const at = (size: number): Checkpoint => ({
    origin: 'log',
    size,
    root: tree.root(size),
    extensions: [],
  });

  it('is accepted with its proof', async () => {
    for (let from = 0; from <= 20; from += 1) {
      for (let to = from; to <= 20; to += 1) {
        verifyGrowth(at(from), at(to), await consistencyProof(from, to, tree.readHash));
      }
    }
  });

  it.each([
    ['a smaller tree', at(5), at(4)],
    ['an empty one after it', at(5), at(0)],
    ['another root of the same size', at(5), { ...at(5), root: EMPTY_ROOT }],
    ['another log', at(5), { ...at(5), origin: 'another' }],
    ['no proof', at(5), at(9)],
    ['an empty tree that has another root', { ...at(0), root: at(1).root }, at(5)],
  ])('is refused for %s', (_what, from, to) => {
    expect(() => verifyGrowth(from, to, [])).toThrow(InvalidProofError);
  });

  it('is refused with a proof of another growth, or a superfluous one', async () => {
    const proof = await consistencyProof(5, 8, tree.readHash);
    expect(() => verifyGrowth(at(5), at(9), proof)).toThrow(InvalidProofError);
    expect(() => verifyGrowth(at(0), at(8), proof)).toThrow(InvalidProofError);
    const rewritten = new MerkleTree(leaves(21).slice(1));
    const other = await consistencyProof(5, 9, rewritten.readHash);
    expect(() => verifyGrowth(at(5), { ...at(9), root: rewritten.root(9) }, other)).toThrow(
      InvalidProofError,
    );
  });
});
