import { generateKeyPairSync } from 'node:crypto';
import { createNoteSigner, leafHash, MerkleTree, parseVerifierKey } from '@gatehouse/transparency-log';
import { aLeaf, ALog, flipBit, LOG } from '../../test/a-log.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import { verifyLog } from './verify-log.js';

const SIZE = 700;

async function failureOf(log: ALog, seen?: string): Promise<VerificationFailedError> {
  const failure: unknown = await verifyLog(log, LOG, { seen }).catch((error: unknown) => error);
  if (!(failure instanceof VerificationFailedError)) throw new Error('It was verified', { cause: failure });
  return failure;
}

describe('a log', () => {
  let log: ALog;
  beforeEach(() => {
    log = new ALog(SIZE);
  });

  it.each([0, 1, 255, 256, 257, 700])(
    'of %i events holds, and goes on from any earlier checkpoint',
    async (size) => {
      const whole = new ALog(size);
      for (const seen of [undefined, 0, 1, size >> 1, size].filter((each) => (each ?? 0) <= size)) {
        const note = seen === undefined ? undefined : whole.noteOf(seen);
        const { checkpoint } = await verifyLog(whole, LOG, { seen: note });
        expect(checkpoint.size).toBe(size);
      }
    },
  );

  it.each<[string, (log: ALog) => void, number | undefined, RegExp]>([
    ['a bit in a leaf', (it) => (it.row(300).leaf = flipBit(it.row(300).leaf, 40)), 300, /event was changed/],
    [
      'a search column',
      (it) => (it.row(300).columns = { ...it.row(300).columns, actorId: 'mallory' }),
      300,
      /search column actorId/,
    ],
    [
      'a hash in a tile of leaves',
      (it) => it.tiles.set('0/1', flipBit(it.tiles.get('0/1') as Buffer, 32 * 44 + 5)),
      300,
      /tile 1 of level 0 was changed/,
    ],
    [
      'a hash in a tile above',
      (it) => it.tiles.set('1/0', flipBit(it.tiles.get('1/0') as Buffer, 33)),
      256,
      /tile 0 of level 1/,
    ],
    ['a tile', (it) => it.tiles.delete('0/1'), 256, /tile 1 of level 0 is missing/],
    ['two rows swapped', (it) => it.swap(10, 690), 10, /event of seq 690: rows were swapped/],
    ['two neighbours swapped', (it) => it.swap(10, 11), 10, /event of seq 11: rows were swapped/],
    ['an event deleted', (it) => (it.rows[300] = undefined), 300, /missing/],
    ['the first of a tile deleted', (it) => (it.rows[256] = undefined), 256, /missing/],
    ['the tail cut', (it) => it.rows.splice(690), 690, /missing/],
    [
      'the first of two things',
      (it) => {
        it.row(600).leaf = flipBit(it.row(600).leaf, 40);
        it.row(20).columns = { ...it.row(20).columns, producerSeq: 5 };
      },
      20,
      /search column producerSeq/,
    ],
    [
      'a time',
      (it) => (it.row(5).columns = { ...it.row(5).columns, occurredAt: '2026-03-01T09:30:00.125Z' }),
      5,
      /search column occurredAt/,
    ],
    [
      'an event and its hash together',
      (it) => {
        const leaf = flipBit(it.row(690).leaf, it.row(690).leaf.length - 3);
        it.row(690).leaf = leaf;
        const tile = Buffer.from(it.tiles.get('0/2') as Buffer);
        leafHash(leaf).copy(tile, 32 * (690 - 512));
        it.tiles.set('0/2', tile);
      },
      undefined,
      /do not make the signed root|search column/,
    ],
  ])('does not hold with %s', async (_what, change, seq, words) => {
    change(log);
    const failure = await failureOf(log);
    if (seq !== undefined) expect(failure.seq).toBe(seq);
    expect(failure.what).toMatch(words);
  });

  it('does not hold with an older checkpoint, an older database, or another history than was seen', async () => {
    const seen = log.note;
    log.note = log.noteOf(500);
    expect(await failureOf(log, seen)).toMatchObject({
      seq: 500,
      what: expect.stringContaining('older') as string,
    });
    expect(await failureOf(new ALog(600), seen)).toMatchObject({ seq: 600 });
    const other = new ALog(800);
    const rewritten = [...other.rows.map((row) => row?.leaf as Buffer)].map((leaf, at) =>
      at === 3 ? aLeaf(9_999) : leaf,
    );
    const tree = new MerkleTree(rewritten.map(leafHash));
    const seenBefore = other.noteOf(700, tree.root(700));
    expect((await failureOf(other, seenBefore)).what).toMatch(/does not go on|history was changed/);
  });

  it('does not hold when another key signed the checkpoint', async () => {
    const stranger = createNoteSigner(LOG.origin, generateKeyPairSync('ed25519').privateKey);
    const strangers = { ...LOG, keys: [parseVerifierKey(stranger.verifierKey)] };
    await expect(verifyLog(log, strangers)).rejects.toThrow('not signed by this log');
  });
});
