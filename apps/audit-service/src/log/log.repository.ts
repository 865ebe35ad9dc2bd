import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SERVICE_NAME } from '../audit-service.js';
import { conflictEvent } from './conflict-event.js';
import { eventColumns, INSERT_EVENTS } from './event-columns.js';
import { createLogEntry, type LogEntry } from './leaf.js';
import { QuarantineRepository } from './quarantine.repository.js';
import { type LoggedEvent, sequence, type Sequenced } from './sequencing.js';

/** The log in PostgreSQL. */
@Injectable()
export class LogRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly quarantine: QuarantineRepository,
  ) {}

  /**
   * Appends a batch in one transaction, all of it or nothing; resolves after the commit.
   *
   * The lock of the head row makes one appender at a time, whichever replicas try: `seq` has no gap and no double, and
   * a reader who sees one event sees every earlier one.
   */
  async append(batch: readonly LogEntry[]): Promise<Sequenced[]> {
    return this.dataSource.transaction(async (manager) => {
      const size = await lockHead(manager);
      const logged = await findLogged(manager, batch);
      const { fresh, conflicts, outcomes } = sequence(batch, logged, size);
      const entries = [...fresh, ...(await this.tellConflicts(manager, conflicts))];
      if (entries.length > 0) {
        await manager.query(INSERT_EVENTS, eventColumns(entries, size));
        await manager.query('UPDATE log_head SET size = $1', [size + entries.length]);
      }
      return outcomes;
    });
  }

  /** Sets the refused content aside, and makes an event of each that was not refused before. */
  private async tellConflicts(manager: EntityManager, conflicts: readonly LogEntry[]): Promise<LogEntry[]> {
    if (conflicts.length === 0) return [];
    const rejected = conflicts.map((entry) => ({
      entry,
      eventId: entry.event.id,
      reason: 'conflict' as const,
      detail: 'the log holds an event of this id with other content',
      body: JSON.stringify(entry.event),
      submittedBy: entry.submittedBy,
    }));
    const fresh = await this.quarantine.add(rejected, manager);
    const now = new Date();
    return fresh.map((event) => {
      const { entry } = event as (typeof rejected)[number];
      const told = conflictEvent(entry, { id: uuidv7(), producer: SERVICE_NAME, now });
      return createLogEntry(told, SERVICE_NAME, now);
    });
  }
}

async function lockHead(manager: EntityManager): Promise<number> {
  const [head]: { size: string }[] = await manager.query('SELECT size FROM log_head FOR UPDATE');
  if (head === undefined) throw new Error('The log has no head row: the database is not migrated');
  return Number(head.size);
}

async function findLogged(manager: EntityManager, batch: readonly LogEntry[]): Promise<LoggedEvent[]> {
  const rows: { id: string; seq: string; leaf_hash: Buffer; content_digest: Buffer }[] = await manager.query(
    'SELECT id, seq, leaf_hash, content_digest FROM event WHERE id = ANY($1::uuid[])',
    [batch.map(({ event }) => event.id)],
  );
  return rows.map((row) => ({
    id: row.id,
    seq: Number(row.seq),
    leafHash: row.leaf_hash,
    contentDigest: row.content_digest,
  }));
}
