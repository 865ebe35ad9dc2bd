import { createHash } from 'node:crypto';
import { leafHash, MerkleTree } from '@gatehouse/transparency-log';
import type { AuditRecord, Appended, AuditEvent, Refused } from '@gatehouse/audit-contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createLogEntry, subjectsOf } from '../../src/log/leaf.js';
import { keyIdOf, openPart, type SubjectKey } from '../../src/personal-data/sealed-part.js';
import { SubjectKeyVault } from '../../src/subject-keys/subject-key.vault.js';
import { LogRepository } from '../../src/log/log.repository.js';
import { rootOf, type TilePart } from '../../src/log/tree-growth.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';
import { Tamperer } from './tampering.js';

describe('appending', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let writer: AuditApi;
  let owner: pg.Client;

  const rows = <T>(sql: string, parameters: unknown[] = []) =>
    app.get(DataSource).query<T[]>(sql, parameters);
  const sizeOf = async () => Number((await rows<{ size: string }>('SELECT size FROM log_head'))[0]?.size);

  /** seq is 0, 1, 2, … without a hole or a double, the head knows how far, and the tree is that of the leaves. */
  async function expectWhole(): Promise<void> {
    const events = await rows<{ seq: string; leaf: Buffer }>('SELECT seq, leaf FROM event ORDER BY seq');
    expect(events.map(({ seq }) => Number(seq))).toEqual(events.map((_, index) => index));
    const [head] = await rows<{ size: string; edge: Buffer }>('SELECT size, edge FROM log_head');
    const tree = new MerkleTree(events.map(({ leaf }) => leafHash(leaf)));
    expect(Number(head?.size)).toBe(tree.size);
    expect(rootOf({ size: tree.size, edge: head?.edge as Buffer })).toEqual(tree.root());
    const parts = await rows<TilePart>('SELECT * FROM tile_part ORDER BY level, index::bigint, first');
    for (const level of [0, 1]) {
      const hashes = parts.filter((part) => part.level === level).map((part) => part.hashes);
      const count = Math.floor(tree.size / 256 ** level);
      const nodes = Array.from({ length: count }, (_, node) => tree.readHash(8 * level, node));
      const expected = Buffer.concat(await Promise.all(nodes.map(async (node) => node)));
      expect(Buffer.concat(hashes).equals(expected)).toBe(true);
    }
  }

  beforeAll(async () => {
    app = await world.start();
    writer = new AuditApi(app, world.writer);
    owner = new pg.Client({ connectionString: world.database.url });
    await owner.connect();
  });

  afterAll(async () => {
    await owner.end();
    await world.stop();
  });
  afterEach(() => expectWhole());

  it('answers in the order sent, with the place in the log and the hash of the stored leaf', async () => {
    const events = [anEvent(), anEvent(), anEvent()];
    const first = await sizeOf();
    const results = (await writer.append(...events)) as Appended[];
    expect(results.map(({ id, seq }) => [id, seq])).toEqual(
      events.map(({ id }, index) => [id, first + index]),
    );
    for (const { id, leafHash: found } of results) {
      const [row] = await rows<{ leaf: Buffer }>('SELECT leaf FROM event WHERE id = $1', [id]);
      const hash = createHash('sha256')
        .update(Buffer.of(0))
        .update(row?.leaf as Buffer);
      expect(found).toBe(hash.digest('base64'));
    }
  });

  it('keeps canonical bytes with the submitter and without the place, whatever the event says', async () => {
    const actor = { type: 'user', id: 'canonical-ada' };
    const event = { ...anEvent({ producer: 'somebody-else', actor }), submittedBy: 'me', seq: 99 };
    const reader = new AuditApi(app, world.reader);
    await writer.append(event);
    const [row] = await rows<{ leaf: Buffer; submitted_by: string }>('SELECT * FROM event WHERE id = $1', [
      event.id,
    ]);
    expect(row?.submitted_by).toBe('auth-service');
    expect(row?.leaf[0]).toBe(1);
    const text = row?.leaf.toString('utf8', 1) ?? '';
    const leaf = JSON.parse(text) as Record<string, unknown>;
    expect(leaf).toMatchObject({ submittedBy: 'auth-service', producer: 'somebody-else' });
    expect(leaf['seq']).toBeUndefined();
    expect(leaf['details']).toBeUndefined();
    const [{ details }] = (await reader.search(`?actorId=${event.actor.id}`)).items as [AuditRecord];
    expect(details).toEqual({ unmapped: { seq: 99, submittedBy: 'me' } });
    expect(Object.keys(leaf)).toEqual(Object.keys(leaf).sort());
  });

  it('is idempotent: the same event later, in one batch, and at the same time is one row at one place', async () => {
    const event = anEvent({ details: { b: 1, a: [1, 2] } });
    const [first] = await writer.append(event);
    // The same content: neither the order of the fields nor the case of the id is part of it.
    const again = Object.fromEntries(Object.entries({ ...event, id: event.id.toUpperCase() }).reverse());
    const [repeated] = await writer.append(again);
    expect(repeated).toEqual({ ...first, id: event.id.toUpperCase() });
    const twice = anEvent();
    const [one, other] = await writer.append(twice, twice);
    expect(other).toEqual(one);
    const racing = anEvent();
    const results = await Promise.all(Array.from({ length: 30 }, () => writer.append(racing)));
    expect(new Set(results.flat().map((result) => (result as Appended).seq)).size).toBe(1);
  });

  it('refuses another content under the same id, keeps it, and tells of it once', async () => {
    const event = anEvent();
    const other = { ...event, outcome: 'failure' };
    await writer.append(event);
    for (let time = 0; time < 2; time++) {
      expect(await writer.append(anEvent(), other)).toEqual([
        expect.objectContaining({ seq: expect.any(Number) as number }),
        { id: event.id, error: 'conflict' },
      ]);
    }
    expect(await writer.append(anEvent({ id: event.id, action: 'auth.logout' }))).toMatchObject([
      { error: 'conflict' },
    ]);
    const told = await rows<{ submitted_by: string }>(
      `SELECT submitted_by FROM event WHERE action = 'audit.conflict' AND target_id = $1`,
      [event.id],
    );
    expect(told).toEqual([{ submitted_by: 'audit-service' }, { submitted_by: 'audit-service' }]);
    const kept = await rows<{ times: string }>(
      `SELECT times FROM quarantine WHERE reason = 'conflict' AND event_id = $1 ORDER BY times`,
      [event.id],
    );
    expect(kept).toEqual([{ times: '1' }, { times: '2' }]);
  });

  it('gives two contents that race for one id one place and one conflict', async () => {
    const id = uuidv7();
    const results = await Promise.all([
      writer.append(anEvent({ id, outcome: 'success' })),
      writer.append(anEvent({ id, outcome: 'failure' })),
    ]);
    expect(results.flat().filter((result) => 'error' in result)).toEqual([{ id, error: 'conflict' }]);
  });

  it.each([
    ['no object', 7, null],
    ['an unknown category', { ...anEvent(), category: 'x' }, 'id'],
    ['an id that is no UUIDv7', { ...anEvent(), id: 'nonsense' }, 'id'],
    ['no actor', { ...anEvent(), actor: undefined }, 'id'],
    ['an integer beyond 2^53', { ...anEvent(), details: { n: 2 ** 53 } }, 'id'],
    ['half a surrogate pair', { ...anEvent(), details: { text: '\uD800' } }, 'id'],
    ['nesting without end', { ...anEvent(), details: nested(70) }, 'id'],
  ])('puts %s into quarantine and appends the others', async (_what, bad, id) => {
    const before = await sizeOf();
    const results = await writer.append(anEvent(), bad, anEvent());
    expect(results).toMatchObject([{ seq: before }, { error: 'malformed' }, { seq: before + 1 }]);
    expect((results[1] as Refused).detail).toBeTruthy();
    expect((results[1] as Refused).id).toBe(id === null ? null : (bad as AuditEvent).id);
    const [kept] = await rows<{ id: string; body: string; times: string }>(
      'SELECT id, sealed_body AS body, times FROM quarantine ORDER BY last_received_at DESC LIMIT 1',
    );
    expect(kept?.times).toBe('1');
    expect(await openQuarantined(kept)).toBe(JSON.stringify(bad));
  });

  async function openQuarantined({ id, body }: { id: string; body: string } = { id: '', body: '' }) {
    const keyId = keyIdOf(body) ?? '';
    const key = (await app.get(SubjectKeyVault).opening([keyId])).get(keyId);
    return openPart(key as SubjectKey, body, `quarantine/${id}`);
  }

  it('refuses a leaf that is too large and an id from the future', async () => {
    const large = anEvent({ details: { text: 'x'.repeat(65_535) } });
    const fits = anEvent({ details: { text: 'x'.repeat(65_000) } });
    const future = anEvent({ id: uuidv7({ msecs: Date.now() + 10 * 60_000 }) });
    expect(await writer.append(large, fits, future)).toMatchObject([
      { id: large.id, error: 'too-large' },
      { id: fits.id, seq: expect.any(Number) as number },
      { id: future.id, error: 'future-dated' },
    ]);
  });

  it('refuses an id of a month that is not kept, makes no partition for it, and appends the others', async () => {
    const old = anEvent({ id: uuidv7({ msecs: Date.parse('2019-12-31T23:59:59Z') }) });
    const kept = anEvent({ id: uuidv7({ msecs: Date.parse('2020-01-01T00:00:00Z') }) });
    expect(await writer.append(old, kept)).toMatchObject([
      { id: old.id, error: 'too-old' },
      { id: kept.id, seq: expect.any(Number) as number },
    ]);
    expect(await rows(`SELECT reason FROM quarantine WHERE event_id = $1`, [old.id])).toEqual([
      { reason: 'too-old' },
    ]);
    const partitions = await rows<{ found: string | null }>(
      `SELECT to_regclass('event_2019_12') AS found UNION SELECT to_regclass('event_2020_01')`,
    );
    expect(partitions.flatMap(({ found }) => found ?? [])).toEqual(['event_2020_01']);
  });

  it('finds the one event that the database refuses, and appends every other of its batch', async () => {
    // A year that the schema takes for a year and PostgreSQL does not.
    const bad = anEvent({ occurredAt: '0000-01-01T00:00:00Z' });
    const good = Array.from({ length: 99 }, () => anEvent());
    const results = await writer.append(...good.slice(0, 40), bad, ...good.slice(40));
    expect(results[40]).toMatchObject({ id: bad.id, error: 'not-storable' });
    expect(results.filter((result) => 'seq' in result)).toHaveLength(99);
    const kept = await rows('SELECT 1 FROM quarantine WHERE event_id = $1', [bad.id]);
    expect(kept).toHaveLength(1);
  });

  it('numbers without gap or double when replicas append at once, whatever is sent twice', async () => {
    const replicas = [app, await world.replica(), await world.replica()];
    const writers = replicas.map((replica) => new AuditApi(replica, world.writer));
    const shared = Array.from({ length: 20 }, () => anEvent());
    const before = await sizeOf();
    const sent = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const own = Array.from({ length: 25 }, () => anEvent());
        const batch = [...own, ...shared.slice(index % 10, (index % 10) + 10)];
        return (await writers[index % 3]?.append(...batch)) as Appended[];
      }),
    );
    const places = new Map<string, number>();
    for (const { id, seq } of sent.flat()) {
      expect(places.get(id) ?? seq).toBe(seq);
      places.set(id, seq);
    }
    expect(await sizeOf()).toBe(before + places.size);
    expect(places.size).toBe(60 * 25 + 19);
  });

  it('refuses everything, and puts nothing aside, over a tree that does not fit its head', async () => {
    const tamperer = new Tamperer(world.database.url);
    const size = await sizeOf();
    const ahead = [Math.floor(size / 256), size % 256, Buffer.alloc(32)];
    await tamperer.run(['INSERT INTO tile_part VALUES (0, $1, $2, $3)', ahead]);
    const event = anEvent();
    expect((await writer.post({ events: [event] })).statusCode).toBe(500);
    expect(await rows('SELECT FROM quarantine WHERE event_id = $1', [event.id])).toEqual([]);
    await tamperer.run([
      'DELETE FROM tile_part WHERE level = 0 AND index = $1 AND first = $2',
      ahead.slice(0, 2),
    ]);
    expect(await writer.append(event)).toMatchObject([{ seq: size }]);
  });

  it('answers a resend with the old place after a commit that nobody heard of', async () => {
    const event = anEvent();
    const keys = await app.get(SubjectKeyVault).sealing(subjectsOf(event));
    const origin = { keys, submittedBy: 'auth-service', receivedAt: new Date() };
    const entry = createLogEntry(event, origin);
    const [committed] = await app.get(LogRepository).append([entry]);
    const [answer] = await writer.append(event);
    expect(answer).toMatchObject({ seq: (committed as { seq: number }).seq });
  });

  it.each([
    [`UPDATE event SET actor_id = 'mallory'`],
    ['DELETE FROM event'],
    ['TRUNCATE event'],
    [`UPDATE tile_part SET hashes = hashes`],
    ['DELETE FROM tile_part'],
    ['TRUNCATE tile_part'],
    ['UPDATE log_head SET size = 0'],
    [`UPDATE log_head SET oldest_month = '2019-12'`],
    ['DELETE FROM log_head'],
  ])('cannot be changed by %s', async (statement) => {
    await writer.append(anEvent());
    await expect(rows(statement)).rejects.toThrow(/append-only|permission denied/);
    // Whoever owns the tables has the rights, and meets the triggers.
    await expect(owner.query(statement)).rejects.toThrow('append-only');
  });

  it.each([
    `UPDATE event SET actor_id = 'mallory'`,
    'DELETE FROM event',
    'DELETE FROM tile_part',
    'TRUNCATE event',
  ])('cannot be changed by the service, which has no right to %s', async (statement) => {
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    await expect(rows(statement)).rejects.toThrow('permission denied');
    await expect(rows(statement.replace('event', `event_${month}`))).rejects.toThrow('permission denied');
    await expect(rows(`SET session_replication_role = replica`)).rejects.toThrow('permission denied');
    await expect(rows('DROP TRIGGER event_append_only ON event')).rejects.toThrow('must be owner');
  });

  it.each([
    ['malformed JSON', '{"events":[', 400, 'bad-request'],
    ['no events', { events: [] }, 400, 'validation-failed'],
    ['an unknown field', { events: [anEvent()], force: true }, 400, 'validation-failed'],
    ['more than 1,000', { events: Array(1_001).fill(anEvent()) }, 400, 'validation-failed'],
    ['more than 4 MiB', { events: [], x: 'x'.repeat(4 * 1024 * 1024) }, 413, 'payload-too-large'],
  ])('refuses %s and appends nothing', async (_what, body, status, type) => {
    const before = await sizeOf();
    const answer = await writer.post(body);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type });
    expect(await sizeOf()).toBe(before);
  });

  it('takes a batch of 1,000 events and 3 MiB', async () => {
    const events = Array.from({ length: 1_000 }, () => anEvent({ details: { text: 'x'.repeat(2_800) } }));
    expect(await writer.append(...events)).toHaveLength(1_000);
  });

  it('is for who may write only', async () => {
    const user = await world.issuer.user('ada', 'user');
    const readOnly = await world.issuer.service('reader', ['audit:read']);
    const statusWith = async (token?: string) =>
      (await new AuditApi(app, token).post({ events: [anEvent()] })).statusCode;
    expect(await statusWith()).toBe(401);
    expect(await statusWith('nonsense')).toBe(401);
    expect(await statusWith(user)).toBe(403);
    expect(await statusWith(readOnly)).toBe(403);
    expect(await statusWith(world.writer)).toBe(200);
  });
});

function nested(depth: number): object {
  return depth === 0 ? {} : { inner: nested(depth - 1) };
}
