import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Appended } from '@gatehouse/audit-contracts';
import { runAudit } from '@gatehouse/audit-log-verifier';
import { parseCheckpoint, parseNote } from '@gatehouse/transparency-log';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';
import { Tamperer } from './tampering.js';

const EVENTS = 600;

describe('a log that was tampered with', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let tamperer: Tamperer;
  let folder: string;
  let url: string;
  let key: string;
  let token: string;
  const hashes: Buffer[] = [];
  /** A checkpoint of a smaller size. */
  let earlier: string;

  const audit = async (...args: string[]) => {
    let [out, err] = ['', ''];
    const output = {
      out: (text: string) => (out += text),
      err: (text: string) => (err += text),
      stop: AbortSignal.timeout(60_000),
    };
    const code = await runAudit([...args, '--key', key], { GATEHOUSE_TOKEN: token }, output);
    return { code, out, err };
  };
  const verify = (...args: string[]) => audit('verify', url, ...args);
  const findings = async () => {
    const answer = await app.inject({ url: '/health/ready' });
    return answer.json<{ details: { log: { findings: unknown[] } } }>().details.log.findings;
  };
  /** Does it, has it looked at, and takes it back. */
  const tampered = async (
    change: [sql: string, parameters?: unknown[]][],
    undo: [sql: string, parameters?: unknown[]][],
    look: () => Promise<void>,
  ) => {
    await tamperer.run(...change);
    try {
      await look();
    } finally {
      await tamperer.run(...undo);
    }
    expect((await verify()).code).toBe(0);
  };
  const backup: [string][] = [
    ['DROP TABLE IF EXISTS kept_event, kept_tile, kept_head, kept_checkpoint'],
    ['CREATE TABLE kept_event AS TABLE event'],
    ['CREATE TABLE kept_tile AS TABLE tile_part'],
    ['CREATE TABLE kept_head AS TABLE log_head'],
    ['CREATE TABLE kept_checkpoint AS TABLE checkpoint'],
  ];
  const restore: [string][] = [
    ['DELETE FROM event'],
    ['INSERT INTO event SELECT * FROM kept_event'],
    ['DELETE FROM tile_part'],
    ['INSERT INTO tile_part SELECT * FROM kept_tile'],
    ['UPDATE log_head SET size = kept.size, edge = kept.edge FROM kept_head AS kept'],
    ['DELETE FROM checkpoint'],
    ['INSERT INTO checkpoint SELECT * FROM kept_checkpoint'],
  ];

  beforeAll(async () => {
    app = await world.start();
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), 'tampered-'));
    tamperer = new Tamperer(world.database.url);
    token = world.reader;
    const writer = new AuditApi(app, world.writer);
    const reader = new AuditApi(app, world.reader);
    key = (await reader.get('/log-key')).payload.trim();
    const append = async (count: number): Promise<string> => {
      const events = Array.from({ length: count }, () => anEvent());
      const appended = (await writer.append(...events)) as Appended[];
      hashes.push(...appended.map(({ leafHash }) => Buffer.from(leafHash, 'base64')));
      return eventually('it is signed', async () => {
        const note = (await reader.get('/checkpoint')).payload;
        return note.includes(`\n${hashes.length}\n`) && note;
      });
    };
    earlier = await append(400);
    await append(EVENTS - 400);
    await tamperer.run(...backup);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    await world.stop();
  });

  it('is not this one, as long as nobody has', async () => {
    expect(await verify()).toMatchObject({
      code: 0,
      out: expect.stringContaining(`of ${EVENTS} events`) as string,
    });
    const file = join(folder, 'part.jsonl');
    expect((await audit('export', url, '--from', '250', '--to', '299', '--out', file)).code).toBe(0);
    expect(await audit('verify', file)).toMatchObject({
      code: 0,
      out: expect.stringContaining('50 events, seq 250 to 299 (none left out)') as string,
    });
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [...lines.slice(0, 5), ...lines.slice(6)].join('\n'));
    expect(await audit('verify', file)).toMatchObject({
      code: 1,
      err: 'NOT VERIFIED: seq 255: it is missing\n',
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'a bit in a leaf',
      `UPDATE event SET leaf = set_byte(leaf, 40, get_byte(leaf, 40) # 1) WHERE seq = 300`,
      /seq 300: the event was changed/,
    ],
    [
      'a search column',
      `UPDATE event SET actor_id = 'mallory' WHERE seq = 300`,
      /seq 300: the search column actorId/,
    ],
    [
      'a time',
      `UPDATE event SET occurred_at = occurred_at - interval '1 day' WHERE seq = 300`,
      /seq 300: the search column occurredAt/,
    ],
    [
      'a tile',
      `UPDATE tile_part SET hashes = set_byte(hashes, 32 * 44, get_byte(hashes, 32 * 44) # 1) WHERE level = 0 AND index = 1`,
      /seq 300: its hash in tile 1 of level 0 was changed/,
    ],
    [
      'a tile above',
      `UPDATE tile_part SET hashes = set_byte(hashes, 3, get_byte(hashes, 3) # 1) WHERE level = 1 AND first = 0`,
      /seq 0: tile 0 of level 1/,
    ],
    [
      'two rows swapped',
      `UPDATE event SET seq = 310 - seq WHERE seq IN (10, 300)`,
      /seq 10: it holds the event of seq 300: rows were swapped/,
    ],
    ['an event deleted', `DELETE FROM event WHERE seq = 300`, /seq 300: the event is missing/],
    ['the tail cut', `DELETE FROM event WHERE seq >= 590`, /seq 590: the event is missing/],
  ])('is named: %s', async (_what, statement, words) => {
    await tampered([[statement]], restore, async () => {
      const { code, err } = await verify();
      expect([code, err]).toEqual([1, expect.stringMatching(words)]);
    });
  });

  it('is named by the sweep, which says so in the health of the service until it is right again', async () => {
    await tampered([[`UPDATE event SET actor_id = 'mallory' WHERE seq = 300`]], restore, async () => {
      const found = { source: 'sweep', seq: 300, detail: expect.stringContaining('actorId') as string };
      await eventuallyHolds(async () => expect(await findings()).toEqual([expect.objectContaining(found)]));
      expect((await app.inject({ url: '/metrics' })).payload).toContain(
        'gatehouse_audit_log_findings{source="sweep"} 1',
      );
    });
    await eventuallyHolds(async () => expect(await findings()).toEqual([]));
    const finished = async () => {
      const [row] = await app
        .get(DataSource)
        .query<[{ at: Date | null }]>('SELECT last_finished_at AS at FROM log_sweep');
      return row.at?.getTime() ?? 0;
    };
    const before = await finished();
    await eventuallyHolds(async () => expect(await finished()).toBeGreaterThan(before));
  });

  it('is named when an older database was restored: by the signer, and by whoever has seen a newer checkpoint', async () => {
    const state = join(folder, 'state');
    expect((await verify('--state', state)).code).toBe(0);
    const { size, root } = parseCheckpoint(parseNote(earlier).text);
    await tamperer.rewindTo(hashes.slice(0, size));
    await tamperer.run(['UPDATE checkpoint SET size = $1, root = $2, note = $3', [size, root, earlier]]);
    expect(await verify()).toMatchObject({ code: 0 });
    expect(await verify('--state', state)).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        `seq ${size}: the checkpoint is older than one that was seen before, of ${EVENTS} events`,
      ) as string,
    });
    await eventuallyHolds(async () => {
      expect(await findings()).toEqual([expect.objectContaining({ source: 'signer', seq: size })]);
    });
    expect(await audit('tail', url, '--state', state)).toMatchObject({ code: 1 });
  });

  it('is told to whoever may read it only, and calls that are wrong say so', async () => {
    const without = { out: () => {}, err: () => {}, stop: AbortSignal.timeout(60_000) };
    const codeOf = (args: string[], env = {}) => runAudit(args, env, without);
    expect(await codeOf(['verify', url, '--key', key])).toBe(69);
    expect(await codeOf(['verify', url])).toBe(2);
    expect(await codeOf(['verify', url, '--key', 'nonsense'])).toBe(2);
    expect(await codeOf(['verify', '/nowhere', '--key', key])).toBe(2);
    expect(await codeOf(['explain', url, '--key', key])).toBe(2);
    expect(await codeOf(['--help'])).toBe(0);
    expect(await codeOf(['verify', 'http://127.0.0.1:9', '--key', key])).toBe(69);
  });
});
