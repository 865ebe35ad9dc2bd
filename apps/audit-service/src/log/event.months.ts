import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { monthOf } from '../personal-data/subjects.js';

/** The months that events are kept by, each a partition of its own. */
@Injectable()
export class EventMonths {
  private readonly known = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  /** Makes the months of these ids where they are missing, in transactions of their own. */
  async ensure(ids: readonly string[]): Promise<void> {
    for (const month of new Set(ids.map(monthOf))) {
      if (this.known.has(month)) continue;
      await this.dataSource.query('SELECT ensure_event_month($1)', [month]);
      this.known.add(month);
    }
  }
}
