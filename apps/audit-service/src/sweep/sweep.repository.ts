import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** How far the sweep is. */
@Injectable()
export class SweepRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The first event that was not compared since the sweep began anew. */
  async next(): Promise<number> {
    const [row] = await this.dataSource.query<{ next_seq: string }[]>('SELECT next_seq FROM log_sweep');
    return Number(row?.next_seq ?? 0);
  }

  async goOn(next: number): Promise<void> {
    await this.dataSource.query('UPDATE log_sweep SET next_seq = $1', [next]);
  }

  /** All events were compared: it begins anew. */
  async finish(): Promise<void> {
    await this.dataSource.query('UPDATE log_sweep SET next_seq = 0, last_finished_at = now()');
  }

  /** Null before the first time. */
  async lastFinishedAt(): Promise<Date | null> {
    const [row] = await this.dataSource.query<{ last_finished_at: Date | null }[]>(
      'SELECT last_finished_at FROM log_sweep',
    );
    return row?.last_finished_at ?? null;
  }
}
