import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FindingSource, LogFinding, SourcedFinding } from './log-finding.js';

interface FindingRow {
  source: FindingSource;
  seq: string | null;
  detail: string;
  found_at: Date;
}

@Injectable()
export class FindingsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async list(): Promise<SourcedFinding[]> {
    const rows = await this.dataSource.query<FindingRow[]>(
      'SELECT source, seq, detail, found_at FROM log_finding ORDER BY source',
    );
    return rows.map(({ source, seq, detail, found_at }) => ({
      ...{ source, detail, foundAt: found_at.toISOString() },
      ...(seq === null ? {} : { seq: Number(seq) }),
    }));
  }

  /** The time of the first stays while the same is found. @returns whether it is new */
  async put(source: FindingSource, { seq, detail }: LogFinding): Promise<boolean> {
    const changed = await this.dataSource.query<object[]>(
      `INSERT INTO log_finding (source, seq, detail) VALUES ($1, $2, $3)
       ON CONFLICT (source) DO UPDATE SET seq = excluded.seq, detail = excluded.detail, found_at = now()
         WHERE (log_finding.seq, log_finding.detail) IS DISTINCT FROM (excluded.seq, excluded.detail)
       RETURNING source`,
      [source, seq ?? null, detail],
    );
    return changed.length > 0;
  }

  /** @returns whether there was one */
  async remove(source: FindingSource): Promise<boolean> {
    const [, removed] = await this.dataSource.query<[unknown, number]>(
      'DELETE FROM log_finding WHERE source = $1',
      [source],
    );
    return removed > 0;
  }
}
