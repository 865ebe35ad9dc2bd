import type { Checkpoint } from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PublishedCheckpoint } from './published-checkpoint.js';

interface CheckpointRow {
  size: string;
  root: Buffer;
  note: string;
  signed_at: Date;
}

@Injectable()
export class CheckpointRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(origin: string): Promise<PublishedCheckpoint | undefined> {
    const [row] = await this.dataSource.query<CheckpointRow[]>(
      'SELECT size, root, note, signed_at FROM checkpoint WHERE origin = $1',
      [origin],
    );
    if (row === undefined) return undefined;
    const { root, note, signed_at: signedAt } = row;
    return { origin, size: Number(row.size), root, extensions: [], note, signedAt };
  }

  /** Refused by the table when it has a larger one. */
  async put({ origin, size, root }: Checkpoint, note: string): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO checkpoint (origin, size, root, note) VALUES ($1, $2, $3, $4)
       ON CONFLICT (origin) DO UPDATE
         SET size = excluded.size, root = excluded.root, note = excluded.note, signed_at = now()`,
      [origin, size, root, note],
    );
  }
}
