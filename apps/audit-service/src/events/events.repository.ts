import type { AuditRecord } from '@gatehouse/audit-contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readLeaf } from '../log/leaf.js';
import type { EventFilter } from './event-filter.js';

interface EventRow {
  seq: string;
  leaf: Buffer;
  leaf_hash: Buffer;
}

const recordOf = ({ seq, leaf, leaf_hash }: EventRow) => readLeaf(leaf, Number(seq), leaf_hash);

/** Reads the log. */
@Injectable()
export class EventsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async search(
    { where, parameters }: EventFilter,
    order: 'asc' | 'desc',
    limit: number,
  ): Promise<AuditRecord[]> {
    const rows: EventRow[] = await this.dataSource.query(
      `SELECT seq, leaf, leaf_hash FROM event WHERE ${where}
        ORDER BY seq ${order === 'asc' ? 'ASC' : 'DESC'} LIMIT $${parameters.length + 1}`,
      [...parameters, limit],
    );
    return rows.map(recordOf);
  }

  async find(id: string): Promise<AuditRecord | undefined> {
    const [row]: EventRow[] = await this.dataSource.query(
      'SELECT seq, leaf, leaf_hash FROM event WHERE id = $1',
      [id],
    );
    return row && recordOf(row);
  }
}
