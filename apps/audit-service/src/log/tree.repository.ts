import type { TileCoordinates } from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVENT_COLUMNS, type EventRow, type KeptEvent, keptEvent } from './kept-event.js';
import type { StoredEvent } from './stored-event.js';
import { joinParts } from './tile-parts.js';
import type { TreeHead } from './tree-growth.js';

/** Reads the tree of the log, as far as it is committed. */
@Injectable()
export class TreeRepository {
  constructor(private readonly dataSource: DataSource) {}

  async head(): Promise<TreeHead> {
    const [head] = await this.dataSource.query<{ size: string; edge: Buffer }[]>(
      'SELECT size, edge FROM log_head',
    );
    if (head === undefined) throw new Error('The log has no head row: the database is not migrated');
    return { size: Number(head.size), edge: head.edge };
  }

  /** @throws DamagedTileError when hashes of it are missing */
  async tile({ level, index, width }: TileCoordinates): Promise<Buffer> {
    const parts = await this.dataSource.query<{ first: number; hashes: Buffer }[]>(
      'SELECT first, hashes FROM tile_part WHERE level = $1 AND index = $2 AND first < $3 ORDER BY first',
      [level, index, width],
    );
    return joinParts({ level, index, width }, parts);
  }

  async find(id: string): Promise<StoredEvent | undefined> {
    const [row] = await this.dataSource.query<{ seq: string; leaf: Buffer; leaf_hash: Buffer }[]>(
      'SELECT seq, leaf, leaf_hash FROM event WHERE id = $1',
      [id],
    );
    return row && { seq: Number(row.seq), leaf: row.leaf, leafHash: row.leaf_hash };
  }

  /** The events from `first` up to `end` that are kept, in their order, with what is beside their leaves. */
  async events(first: number, end: number): Promise<KeptEvent[]> {
    const rows = await this.dataSource.query<EventRow[]>(
      `SELECT ${EVENT_COLUMNS} FROM event WHERE seq >= $1 AND seq < $2 ORDER BY seq`,
      [first, end],
    );
    return rows.map(keptEvent);
  }

  /** The leaves from `first` up to `end` that are kept, by their places. */
  async leaves(first: number, end: number): Promise<Map<number, Buffer>> {
    const rows = await this.dataSource.query<{ seq: string; leaf: Buffer }[]>(
      'SELECT seq, leaf FROM event WHERE seq >= $1 AND seq < $2',
      [first, end],
    );
    return new Map(rows.map(({ seq, leaf }) => [Number(seq), leaf]));
  }
}
