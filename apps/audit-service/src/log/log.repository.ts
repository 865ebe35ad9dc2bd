import { once } from 'node:events';
import type { AppendRefusal } from '@gatehouse/audit-contracts';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SERVICE_NAME } from '../audit-service.js';
import { digestContent, type SubjectKey } from '../personal-data/sealed-part.js';
import { SubjectKeyVault } from '../subject-keys/subject-key.vault.js';
import { conflictEvent } from './conflict-event.js';
import { EventMonths } from './event.months.js';
import { addressRows, COPY_ADDRESSES, COPY_EVENTS, eventRows } from './event-columns.js';
import { createLogEntry, subjectsOf } from './leaf.js';
import type { LogEntry } from './log-entry.js';
import { EventQuarantine } from './event.quarantine.js';
import {
  type DigestBy,
  foreignKeys,
  type KeptLog,
  type LoggedEvent,
  sequence,
  type Sequenced,
} from './sequencing.js';
import { INSERT_TILE_PARTS, tilePartColumns } from './tile-columns.js';
import { growTree, type TreeHead } from './tree-growth.js';

/** The log in PostgreSQL. */
@Injectable()
export class LogRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly quarantine: EventQuarantine,
    private readonly keys: SubjectKeyVault,
    private readonly months: EventMonths,
  ) {}

  /**
   * Appends a batch in one transaction, all of it or nothing; resolves after the commit.
   *
   * The lock of the head row makes one appender at a time, whichever replicas try: `seq` has no gap and no double, and
   * a reader who sees one event sees every earlier one.
   */
  async append(batch: readonly LogEntry[]): Promise<Sequenced[]> {
    await this.months.ensure(batch.map(({ event }) => event.id));
    return this.dataSource.transaction(async (manager) => {
      const head = await lockHead(manager);
      const logged = await findLogged(manager, batch);
      const digestBy = await this.digests(batch, logged);
      const sequencing = sequence(batch, logged, head, digestBy);
      await this.setTooOldAside(manager, sequencing.tooOld);
      const told = await this.tellConflicts(manager, sequencing.conflicts);
      await write(manager, head, [...sequencing.fresh, ...told]);
      return sequencing.outcomes;
    });
  }

  /** By the keys that entries were first digested with, where they are not the ones of today. */
  private async digests(batch: readonly LogEntry[], logged: readonly LoggedEvent[]): Promise<DigestBy> {
    const keys = await this.keys.opening(foreignKeys(batch, logged));
    return (entry, keyId) => {
      if (entry.keyId === keyId) return entry.contentDigest;
      const key = keys.get(keyId);
      return key === 'destroyed' ? undefined : digestContent(key as SubjectKey, entry.content);
    };
  }

  /** An id of a month that is not kept: nobody can tell any more whether it is new. */
  private async setTooOldAside(manager: EntityManager, entries: readonly LogEntry[]): Promise<void> {
    const detail = 'its id says a month that is not kept';
    await this.quarantine.add(
      entries.map((entry) => quarantined(entry, 'too-old', detail)),
      manager,
    );
  }

  /** Sets the refused content aside, and makes an event of each that was not refused before. */
  private async tellConflicts(manager: EntityManager, conflicts: readonly LogEntry[]): Promise<LogEntry[]> {
    if (conflicts.length === 0) return [];
    const detail = 'the log holds an event of this id with other content';
    const rejected = conflicts.map((entry) => ({ entry, ...quarantined(entry, 'conflict', detail) }));
    const fresh = await this.quarantine.add(rejected, manager);
    const receivedAt = new Date();
    const told = fresh.map(({ entry }) =>
      conflictEvent(entry, { id: uuidv7(), producer: SERVICE_NAME, now: receivedAt }),
    );
    const keys = await this.keys.sealing(told.flatMap(subjectsOf));
    await this.months.ensure(told.map(({ id }) => id));
    return told.map((event) => createLogEntry(event, { keys, submittedBy: SERVICE_NAME, receivedAt }));
  }
}

async function lockHead(manager: EntityManager): Promise<TreeHead & KeptLog> {
  const [head]: { size: string; edge: Buffer; oldest_month: string }[] = await manager.query(
    'SELECT size, edge, oldest_month FROM log_head FOR UPDATE',
  );
  if (head === undefined) throw new Error('The log has no head row: the database is not migrated');
  return { size: Number(head.size), edge: head.edge, oldestMonth: head.oldest_month };
}

/** The events, the hashes of the tree that they make, and its new head. */
async function write(manager: EntityManager, head: TreeHead, entries: readonly LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await copy(manager, COPY_EVENTS, eventRows(entries, head.size));
  await copy(manager, COPY_ADDRESSES, addressRows(entries, head.size));
  const { size, edge, parts } = growTree(
    head,
    entries.map(({ leafHash }) => leafHash),
  );
  await manager.query(`WITH tiles AS (${INSERT_TILE_PARTS}) UPDATE log_head SET size = $5, edge = $6`, [
    ...tilePartColumns(parts),
    ...[size, edge],
  ]);
}

const quarantined = <Reason extends AppendRefusal>(
  { event, content, submittedBy }: LogEntry,
  reason: Reason,
  detail: string,
) => ({ eventId: event.id, reason, detail, body: content, submittedBy });

async function findLogged(manager: EntityManager, batch: readonly LogEntry[]): Promise<LoggedEvent[]> {
  const rows: { id: string; seq: string; leaf_hash: Buffer; content_digest: Buffer; key_id: string }[] =
    await manager.query(
      'SELECT id, seq, leaf_hash, content_digest, key_id FROM event WHERE id = ANY($1::uuid[])',
      [batch.map(({ event }) => event.id)],
    );
  return rows.map((row) => ({
    id: row.id,
    seq: Number(row.seq),
    leafHash: row.leaf_hash,
    contentDigest: row.content_digest,
    keyId: row.key_id,
  }));
}

async function copy(manager: EntityManager, statement: string, rows: string): Promise<void> {
  if (rows === '') return;
  const client = (await manager.queryRunner?.connect()) as PoolClient;
  const copying = client.query(copyFrom(statement));
  const finished = once(copying, 'finish');
  copying.end(rows);
  await finished;
}
