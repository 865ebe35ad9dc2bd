import { Keyring } from '@gatehouse/envelope-encryption';
import { Injectable } from '@nestjs/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { AuditEnvironment } from '../audit.environment.js';
import type { SubjectKey } from '../personal-data/sealed-part.js';
import { type StoredKey, SubjectKeysRepository } from './subject-keys.repository.js';

const KEY_BYTES = 32;
/** A key that was destroyed elsewhere seals here for no longer than this, and what it seals can never be read. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 20_000;

/** The keys by which personal data is sealed, one for each subject. They are kept sealed by `ENCRYPTION_KEY`. */
@Injectable()
export class SubjectKeyVault {
  private readonly keyring: Keyring;
  private readonly remembered = new Map<string, { key: Promise<SubjectKey>; until: number }>();

  constructor(
    private readonly keys: SubjectKeysRepository,
    environment: AuditEnvironment,
  ) {
    this.keyring = new Keyring(environment.encryptionKeys);
  }

  /**
   * The keys to seal with, made where a subject has none. They are committed before anything is sealed with them.
   *
   * @throws what the driver throws when their database is away
   */
  async sealing(subjects: Iterable<string>): Promise<ReadonlyMap<string, SubjectKey>> {
    const now = performance.now();
    const wanted = [...new Set(subjects)];
    const asked = wanted.filter((subject) => !((this.remembered.get(subject)?.until ?? 0) > now));
    if (asked.length > 0) this.askFor(asked, now + REMEMBERED_MS);
    const keys = wanted.flatMap((subject) => this.remembered.get(subject)?.key ?? []);
    const found = await Promise.all(keys);
    return new Map(wanted.map((subject, index) => [subject, found[index] as SubjectKey]));
  }

  /** Whoever wants the same key meanwhile waits for the same answer. */
  private askFor(subjects: readonly string[], until: number): void {
    const answer = this.findOrMake(subjects).then(
      (stored) => new Map(stored.map((key) => [key.subject, this.unseal(key)])),
    );
    for (const subject of subjects) {
      const key = answer.then((keys) => this.found(keys, subject));
      key.catch(() => this.forget(subject, key));
      this.remember(subject, key, until);
    }
  }

  private found(keys: ReadonlyMap<string, SubjectKey>, subject: string): SubjectKey {
    const key = keys.get(subject);
    // Destroyed between making it and reading it back: the next to ask makes another.
    if (key === undefined) throw new Error('The key of a subject was destroyed meanwhile');
    return key;
  }

  /** The keys of these ids, as they are now; `destroyed` for one that was. An unknown id is left out. */
  async opening(ids: Iterable<string>): Promise<ReadonlyMap<string, SubjectKey | 'destroyed'>> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return new Map();
    const stored = await this.keys.find(wanted);
    return new Map(
      stored.map((key) => [key.id, key.sealed === null ? ('destroyed' as const) : this.unseal(key)]),
    );
  }

  /** Destroys what there is of a subject's keys, for ever. @returns the ids of all its destroyed keys */
  destroy(subject: string): Promise<string[]> {
    this.remembered.delete(subject);
    return this.keys.destroy(subject);
  }

  private async findOrMake(subjects: readonly string[]): Promise<StoredKey[]> {
    const live = await this.keys.findLive(subjects);
    const known = new Set(live.map(({ subject }) => subject));
    const missing = subjects.filter((subject) => !known.has(subject));
    if (missing.length === 0) return live;
    await this.keys.addUnlessThere(missing.map((subject) => this.newKey(subject)));
    return this.keys.findLive(subjects);
  }

  private newKey(subject: string): StoredKey {
    const id = randomUUID();
    return { id, subject, sealed: this.keyring.seal(randomBytes(KEY_BYTES), contextOf({ id, subject })) };
  }

  private unseal(stored: StoredKey): SubjectKey {
    return { id: stored.id, key: this.keyring.open(stored.sealed ?? '', contextOf(stored)) };
  }

  private forget(subject: string, key: Promise<SubjectKey>): void {
    if (this.remembered.get(subject)?.key === key) this.remembered.delete(subject);
  }

  private remember(subject: string, key: Promise<SubjectKey>, until: number): void {
    this.remembered.delete(subject);
    this.remembered.set(subject, { key, until });
    if (this.remembered.size <= MOST_REMEMBERED) return;
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined) this.remembered.delete(oldest);
  }
}

const contextOf = ({ id, subject }: Pick<StoredKey, 'id' | 'subject'>) => `subject-key:${subject}:${id}`;
