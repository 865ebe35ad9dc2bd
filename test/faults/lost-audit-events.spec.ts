import { AuditApiClient, readLeafEvent, verifyLog } from '@gatehouse/audit-log-verifier';
import { parseVerifierKey, tileWidth } from '@gatehouse/transparency-log';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { AUDIT_LOG_ORIGIN, AuditFleet } from './audit-fleet.js';
import { AuditImporter } from './audit-importer.js';
import { scale } from './scale.js';

const PRODUCERS = ['orders', 'billing', 'shipping'].slice(0, scale(2, 3));
const REPLICAS = scale(2, 3);
const ROUNDS = scale(1, 5);
/** A request that was lost is asked again after ten seconds. */
const PATIENCE = { withinMs: 120_000 };

const count = (n: number) => n.toLocaleString('en-US');

describe('the audit log, while everything around it is killed', () => {
  let fleet: AuditFleet;
  let importer: AuditImporter;

  beforeAll(async () => {
    fleet = await AuditFleet.start();
    // The first makes the databases.
    await fleet.replica();
    await Promise.all([
      ...Array.from({ length: REPLICAS - 1 }, () => fleet.replica()),
      ...PRODUCERS.map((service) => fleet.producer(service)),
    ]);
    importer = new AuditImporter(fleet);
  });
  afterAll(() => fleet.stop());

  const begin = async (service: string) => {
    await fleet.producers.get(service)?.call('begin', { everyMs: 10 });
  };
  const all = async <T>(name: string) =>
    Promise.all([...fleet.producers.values()].map((producer) => producer.call<T>(name)));
  const flushRedis = async () => {
    const redis = new Redis(fleet.redis.url);
    await redis.flushall();
    await redis.quit();
  };
  const sizeGrows = async () => {
    const size = async () =>
      Number((await fleet.query<{ size: string }>('SELECT size FROM log_head'))[0]?.size);
    const before = await size();
    await eventually('it goes on', async () => (await size()) > before + 20, PATIENCE);
  };

  it('holds what was sent, once, in one order, and proves it', async () => {
    importer.begin();
    await Promise.all(PRODUCERS.map(begin));
    for (let round = 0; round < ROUNDS; round++) {
      await sizeGrows();
      await fleet.replaceReplica();
      const service = PRODUCERS[round % PRODUCERS.length] as string;
      await fleet.producer(service);
      await begin(service);
      await sizeGrows();
      await flushRedis();
      await fleet.postgres.stop(round % 2 === 0 ? 'SIGQUIT' : 'SIGINT');
      await fleet.postgres.start();
      await sizeGrows();
      // All of them at once.
      await Promise.all(fleet.replicas.splice(0).map((replica) => replica.kill()));
      await Promise.all(Array.from({ length: REPLICAS }, () => fleet.replica()));
      if (round === 0) continue;
      await fleet.redis.kill();
      await fleet.redis.start();
    }
    await all('end');
    await importer.end();
    const isEmpty = async () => (await all<number>('waiting')).every((waiting) => waiting === 0);
    await eventually('the outboxes are empty', isEmpty, PATIENCE);

    const sent = new Set([...importer.sent, ...(await all<string[]>('ledger')).flat()]);
    expect(await all<number>('rejected')).toEqual(PRODUCERS.map(() => 0));
    expect(importer.contradictions).toEqual([]);
    expect(importer.acknowledged.size).toBe(importer.sent.length);
    const stored = await storedPlaces();
    for (const [id, seq] of importer.acknowledged) expect(stored.get(id)).toBe(seq);
    const proven = await provenPlaces(stored.size);
    const inLog = (places: ReadonlyMap<string, number>) => [...sent].filter((id) => places.has(id)).length;
    expect([inLog(stored), inLog(proven)]).toEqual([sent.size, sent.size]);
    expect(proven).toEqual(stored);
    // Nothing that nobody sent, but what audit-service says itself.
    const others = await fleet.query('SELECT 1 FROM event WHERE submitted_by <> $$audit-service$$');
    expect(others).toHaveLength(sent.size);
    process.stdout.write(
      `sent ${count(sent.size)} = stored ${count(inLog(stored))} = proven ${count(inLog(proven))}\n`,
    );
  });

  /** Every event of the log by its id; its places are 0, 1, 2, … */
  async function storedPlaces(): Promise<Map<string, number>> {
    const rows = await fleet.query<{ id: string; seq: string }>('SELECT id, seq FROM event ORDER BY seq');
    rows.forEach(({ seq }, at) => expect(Number(seq)).toBe(at));
    const places = new Map(rows.map(({ id, seq }) => [id, Number(seq)]));
    expect(places.size).toBe(rows.length);
    return places;
  }

  /** The events of a log that was verified as a whole by somebody who has its key. */
  async function provenPlaces(size: number): Promise<Map<string, number>> {
    const client = new AuditApiClient({ url: fleet.replicas[0]?.url ?? '', token: fleet.reader });
    const keys = [parseVerifierKey((await client.logKey()).trim())];
    const signed = await eventually(
      'all of it is signed',
      async () => {
        const { checkpoint } = await verifyLog(client, { origin: AUDIT_LOG_ORIGIN, keys });
        return checkpoint.size >= size && checkpoint;
      },
      PATIENCE,
    );
    const places = new Map<string, number>();
    for (let index = 0; index * 256 < size; index++) {
      const leaves = (await client.entries(index, tileWidth(0, index, signed.size))) ?? [];
      leaves.forEach((leaf, place) => places.set(readLeafEvent(leaf).id, index * 256 + place));
    }
    return places;
  }
});
