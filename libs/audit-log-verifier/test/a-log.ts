import { generateKeyPairSync } from 'node:crypto';
import {
  consistencyProof,
  createNoteSigner,
  leafHash,
  MerkleTree,
  parseVerifierKey,
  signCheckpoint,
  type TileCoordinates,
  type TrustedLog,
} from '@gatehouse/transparency-log';
import { columnsOf, type SearchColumns } from '../src/leaves/search-columns.js';
import { readLeafEvent } from '../src/leaves/leaf-event.js';
import type { LogSource } from '../src/live/log-source.js';

const ORIGIN = 'example.com/audit';
const signer = createNoteSigner(ORIGIN, generateKeyPairSync('ed25519').privateKey);

export const VKEY = signer.verifierKey;
export const LOG: TrustedLog = { origin: ORIGIN, keys: [parseVerifierKey(VKEY)] };

export const aLeaf = (seq: number): Buffer =>
  Buffer.concat([
    Buffer.of(1),
    Buffer.from(
      JSON.stringify({
        ...{ id: `id-${seq}`, category: 'auth', action: 'auth.login', outcome: 'success' },
        actor: { type: 'user', id: `user-${seq}` },
        ...(seq % 3 === 0 && { target: { type: 'project', id: 'p' }, producerSeq: seq }),
        ...{ occurredAt: '2026-03-01T09:30:00.123456Z', receivedAt: '2026-03-01T09:30:01.000Z' },
        ...{ producer: 'auth-service', submittedBy: 'auth-service' },
      }),
    ),
  ]);

export interface Row {
  leaf: Buffer;
  columns: SearchColumns;
}

/** A log in memory, whose parts can be changed one by one. */
export class ALog implements LogSource {
  /** By seq; what is not there was deleted. */
  readonly rows: (Row | undefined)[];
  readonly tiles = new Map<string, Buffer>();
  note: string;
  /** How often for its checkpoint. */
  asked = 0;
  tree: MerkleTree;

  constructor(size: number) {
    const leaves = Array.from({ length: size }, (_, seq) => aLeaf(seq));
    this.rows = leaves.map((leaf) => ({ leaf, columns: columnsOf(readLeafEvent(leaf)) }));
    this.tree = new MerkleTree(leaves.map(leafHash));
    this.note = this.noteOf(size);
    for (let level = 0; 256 ** level <= size; level++) {
      const count = Math.floor(size / 256 ** level);
      for (let index = 0; index * 256 < count; index++) {
        const width = Math.min(256, count - index * 256);
        const hashes = Array.from({ length: width }, (_, place) => this.hash(8 * level, index * 256 + place));
        this.tiles.set(`${level}/${index}`, Buffer.concat(hashes));
      }
    }
  }

  noteOf(size: number, root = this.tree.root(size)): string {
    return signCheckpoint({ origin: ORIGIN, size, root, extensions: [] }, [signer]);
  }

  row(seq: number): Row {
    const row = this.rows[seq];
    if (row === undefined) throw new Error(`There is no row ${seq}`);
    return row;
  }

  swap(one: number, other: number): void {
    [this.rows[one], this.rows[other]] = [this.rows[other], this.rows[one]];
  }

  async checkpoint(): Promise<string> {
    this.asked++;
    return this.note;
  }

  async tile({ level, index, width }: TileCoordinates): Promise<Buffer | undefined> {
    const tile = this.tiles.get(`${level}/${index}`);
    return tile === undefined || tile.length < 32 * width ? undefined : tile.subarray(0, 32 * width);
  }

  async entries(index: number, width: number): Promise<Buffer[] | undefined> {
    const rows = Array.from({ length: width }, (_, place) => this.rows[index * 256 + place]?.leaf);
    return rows.every((leaf) => leaf !== undefined) ? rows : undefined;
  }

  async columns(from: number, to: number): Promise<({ seq: number } & SearchColumns)[]> {
    return this.rows
      .slice(from, to)
      .flatMap((row, place) => (row ? [{ seq: from + place, ...row.columns }] : []));
  }

  async consistency(from: number, to: number): Promise<Buffer[] | undefined> {
    return to > this.tree.size ? undefined : [...(await consistencyProof(from, to, this.tree.readHash))];
  }

  private hash(level: number, index: number): Buffer {
    return this.tree.readHash(level, index) as Buffer;
  }
}

export const flipBit = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};
