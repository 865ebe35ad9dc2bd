import {
  type Checkpoint,
  type HashReader,
  TILE_WIDTH,
  type TileCoordinates,
  tileHashReader,
} from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import type { KeptEvent } from './kept-event.js';
import type { StoredEvent } from './stored-event.js';
import { TreeRepository } from './tree.repository.js';
import { rootOf } from './tree-growth.js';

/** What others read of the log: its tree, and its leaves as they are kept. */
@Injectable()
export class LogReader {
  constructor(private readonly tree: TreeRepository) {}

  /** The tree as it is now. */
  async head(): Promise<Pick<Checkpoint, 'size' | 'root'>> {
    const head = await this.tree.head();
    return { size: head.size, root: rootOf(head) };
  }

  find(id: string): Promise<StoredEvent | undefined> {
    return this.tree.find(id);
  }

  /** A tile of a tree that the log has, or has had. @throws DamagedTileError */
  tile(tile: TileCoordinates): Promise<Buffer> {
    return this.tree.tile(tile);
  }

  /** For proofs about the tree of this size, one reader for each. */
  hashReader(size: number): HashReader {
    return tileHashReader(size, (tile) => this.tree.tile(tile));
  }

  /** The events from `first` up to `end` that are kept, in their order, with what is beside their leaves. */
  events(first: number, end: number): Promise<KeptEvent[]> {
    return this.tree.events(first, end);
  }

  /** The leaves of a bundle; undefined when not all of them are kept any more. */
  async bundle(index: number, width: number): Promise<Buffer[] | undefined> {
    const first = index * TILE_WIDTH;
    const kept = await this.tree.leaves(first, first + width);
    const leaves = Array.from({ length: width }, (_, place) => kept.get(first + place));
    return leaves.every((leaf) => leaf !== undefined) ? leaves : undefined;
  }
}
