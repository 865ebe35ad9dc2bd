import type { DatabaseConnection } from '@gatehouse/database';
import { Inject, Injectable } from '@nestjs/common';
import { SUBJECT_KEYS_DATABASE } from './subject-keys.database.js';

/** A key as it is kept; `sealed` is null once it was destroyed. */
export interface StoredKey {
  id: string;
  subject: string;
  sealed: string | null;
}

@Injectable()
export class SubjectKeysRepository {
  constructor(@Inject(SUBJECT_KEYS_DATABASE) private readonly database: DatabaseConnection) {}

  /** The live keys of subjects. */
  findLive(subjects: readonly string[]): Promise<StoredKey[]> {
    return this.database.source.query(
      'SELECT id, subject, sealed FROM subject_key WHERE subject = ANY($1) AND destroyed_at IS NULL',
      [subjects],
    );
  }

  /** Lays keys down for subjects that have none; of any number of callers with one subject exactly one does. */
  async addUnlessThere(keys: readonly StoredKey[]): Promise<void> {
    // In one order for everybody, so that no two wait for each other.
    const sorted = [...keys].sort((one, other) => (one.subject < other.subject ? -1 : 1));
    await this.database.source.query(
      `INSERT INTO subject_key (id, subject, sealed)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
       ON CONFLICT (subject) WHERE destroyed_at IS NULL DO NOTHING`,
      [sorted.map(({ id }) => id), sorted.map(({ subject }) => subject), sorted.map(({ sealed }) => sealed)],
    );
  }

  find(ids: readonly string[]): Promise<StoredKey[]> {
    return this.database.source.query(
      'SELECT id, subject, sealed FROM subject_key WHERE id = ANY($1::uuid[])',
      [ids],
    );
  }

  /** Destroys all keys of a subject, for ever. @returns the ids of all that were ever destroyed of it */
  async destroy(subject: string): Promise<string[]> {
    await this.database.source.query(
      `UPDATE subject_key SET sealed = NULL, destroyed_at = now() WHERE subject = $1 AND destroyed_at IS NULL`,
      [subject],
    );
    const rows: { id: string }[] = await this.database.source.query(
      'SELECT id FROM subject_key WHERE subject = $1 ORDER BY created_at, id',
      [subject],
    );
    return rows.map(({ id }) => id);
  }
}
