import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EVENT_COLUMNS, type EventRow as KeptRow, type KeptEvent, keptEvent } from '../log/kept-event.js';
import type { StoredEvent } from '../log/stored-event.js';
import type { EventFilter } from './event-filter.js';

interface EventRow {
  seq: string;
  leaf: Buffer;
  leaf_hash: Buffer;
}

const storedEvent = ({ seq, leaf, leaf_hash }: EventRow): StoredEvent => ({
  ...{ seq: Number(seq), leaf, leafHash: leaf_hash },
});

/** Reads the log. */
@Injectable()
export class EventsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async search(
    { where, parameters }: EventFilter,
    order: 'asc' | 'desc',
    limit: number,
  ): Promise<StoredEvent[]> {
    const rows: EventRow[] = await this.dataSource.query(
      `SELECT seq, leaf, leaf_hash FROM event WHERE ${where}
        ORDER BY seq ${order === 'asc' ? 'ASC' : 'DESC'} LIMIT $${parameters.length + 1}`,
      [...parameters, limit],
    );
    return rows.map(storedEvent);
  }

  /** Those below `end`, in the order of `seq`, with what is beside their leaves. */
  async scan({ where, parameters }: EventFilter, end: number, limit: number): Promise<KeptEvent[]> {
    const rows: KeptRow[] = await this.dataSource.query(
      `SELECT ${EVENT_COLUMNS} FROM event WHERE ${where} AND seq < $${parameters.length + 1}
        ORDER BY seq LIMIT $${parameters.length + 2}`,
      [...parameters, end, limit],
    );
    return rows.map(keptEvent);
  }
}
