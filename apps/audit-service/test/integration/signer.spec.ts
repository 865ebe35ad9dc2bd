import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Appended } from '@gatehouse/audit-contracts';
import { REDIS, type RedisConnection } from '@gatehouse/redis';
import { parseCheckpoint, parseNote } from '@gatehouse/transparency-log';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually, eventuallyHolds } from '../../../../test/support/eventually.js';
import { HeadMemories } from '../../src/checkpoints/head.memories.js';
import { CheckpointSigner } from '../../src/checkpoints/checkpoint.signer.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';
import { Tamperer } from './tampering.js';

const ORIGIN = 'signer.test/audit';

describe('the signer', () => {
  let folder: string;
  let file: string;
  let world: AuditWorld;
  let apps: NestFastifyApplication[];
  let tamperer: Tamperer;
  let hashes: Buffer[];

  const api = (index = 0) => new AuditApi(apps[index] as NestFastifyApplication, world.reader);
  const append = async (count: number, index = 0) => {
    const writer = new AuditApi(apps[index] as NestFastifyApplication, world.writer);
    const results = await writer.append(...Array.from({ length: count }, () => anEvent()));
    hashes.push(...(results as Appended[]).map(({ leafHash }) => Buffer.from(leafHash, 'base64')));
  };
  const published = async (index = 0) => {
    const answer = await api(index).get('/checkpoint');
    return parseCheckpoint(parseNote(answer.payload).text);
  };
  const expectSigned = (size: number) =>
    eventuallyHolds(async () => expect((await published()).size).toBe(size));
  const findings = async (index = 0) => {
    const answer = await (apps[index] as NestFastifyApplication).inject({ url: '/health/ready' });
    expect(answer.statusCode).toBe(200);
    type Findings = { source: string; detail: string; seq?: number }[];
    const { findings: all } = answer.json<{ details: { log: { findings: Findings } } }>().details.log;
    // The sweep finds its own in what these tests do to the log.
    return all.filter(({ source }) => source === 'signer');
  };
  const metrics = async (index = 0) =>
    (await (apps[index] as NestFastifyApplication).inject({ url: '/metrics' })).payload;
  const expectRefused = (words: string) =>
    eventuallyHolds(async () => {
      expect(await findings()).toEqual([
        expect.objectContaining({ source: 'signer', detail: expect.stringContaining(words) as string }),
      ]);
    });
  const redis = () => (apps[0] as NestFastifyApplication).get<RedisConnection>(REDIS);
  const redisKey = () => `${world.namespace}:{audit-log}:signed-head:${ORIGIN}`;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signer-'));
    file = join(folder, 'state');
    hashes = [];
    world = new AuditWorld();
    const variables = { AUDIT_LOG_ORIGIN: ORIGIN, AUDIT_LOG_STATE_FILE: file };
    apps = [await world.start(undefined, variables)];
    apps.push(await world.replica(world.database.url, variables));
    tamperer = new Tamperer(world.database.url);
    await append(300);
    await expectSigned(300);
  });

  afterEach(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  it('goes on in another replica when its own is gone, and remembers outside what it signed', async () => {
    const [first] = apps;
    await world.stopReplica(first as NestFastifyApplication);
    apps.shift();
    await append(5);
    await expectSigned(305);
    const kept = parseCheckpoint(await readFile(file, 'utf8'));
    expect(kept).toEqual(parseCheckpoint((await redis().hget(redisKey(), 'text')) ?? ''));
    expect(kept).toMatchObject({ origin: ORIGIN, size: 305, root: (await published()).root });
    expect(await findings()).toEqual([]);
    const told = await metrics();
    for (const line of ['size 305', 'signed_size 305', 'unsigned_seconds 0']) {
      expect(told).toContain(`gatehouse_audit_log_${line}\n`);
    }
    expect(told).not.toContain('gatehouse_audit_log_findings{');
  });

  it('signs nothing over an older database, says so on every replica, and goes on when it is the right one', async () => {
    const all = [...hashes];
    await tamperer.rewindTo(all.slice(0, 280));
    // A backup has the checkpoint of its time.
    await tamperer.run(['DELETE FROM checkpoint']);
    await expectRefused('280: it is an older one');
    expect(await findings(1)).toEqual(await findings());
    expect(await metrics(1)).toContain('gatehouse_audit_log_findings{source="signer"} 1');
    expect((await findings())[0]?.seq).toBe(280);
    // It has grown beyond what was signed, by other events.
    await append(30);
    await expectRefused('does not go on from');
    expect((await api().get('/checkpoint')).statusCode).toBe(503);
    await tamperer.rewindTo(all);
    await expectSigned(300);
    await eventuallyHolds(async () => expect(await findings()).toEqual([]));
  });

  it('notices an older database by the file alone, and by Redis alone', async () => {
    await redis().del(redisKey());
    await tamperer.rewindTo(hashes.slice(0, 10));
    await tamperer.run(['DELETE FROM checkpoint']);
    await expectRefused('remembers a signed log of 300 events');
    await rm(file);
    await redis().hset(redisKey(), {
      size: 299,
      text: `${ORIGIN}\n299\n${Buffer.alloc(32).toString('base64')}\n`,
    });
    // No process remembers, only Redis does.
    const other = await world.replica(world.database.url, { AUDIT_LOG_ORIGIN: ORIGIN });
    for (const app of apps.splice(0)) await world.stopReplica(app);
    apps.push(other);
    await expectRefused('Redis remembers a signed log of 299 events');
  });

  it('signs nothing over a tile that was changed', async () => {
    await tamperer.run([
      `UPDATE tile_part SET hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1) WHERE level = 1 AND index = 0`,
    ]);
    await append(10);
    await expectRefused('does not go on from');
    expect((await published()).size).toBe(300);
  });

  it('signs nothing while a memory cannot be read, and tells it again what was lost', async () => {
    await redis().hset(redisKey(), 'text', 'nonsense');
    await append(3);
    const [signer] = apps.map((app) => app.get(CheckpointSigner));
    await expect(signer?.run()).rejects.toThrow();
    expect((await published()).size).toBe(300);
    await redis().del(redisKey());
    await expectSigned(303);
    await redis().del(redisKey());
    await eventually('Redis is told again', () => redis().exists(redisKey()));
  });

  it('keeps in Redis the largest head, and never another of the same size', async () => {
    const memories = (apps[0] as NestFastifyApplication).get(HeadMemories);
    const head = await published();
    await memories.remember(head);
    await expect(memories.remember({ ...head, size: 299 })).rejects.toThrow('another signed head');
    await expect(memories.remember({ ...head, root: Buffer.alloc(32) })).rejects.toThrow(
      'another signed head',
    );
  });
});
