import type { Appended } from '@gatehouse/audit-contracts';
import {
  leafHash,
  parseEntryBundle,
  parseVerifierKey,
  type TrustedLog,
  verifyCheckpoint,
  verifyConsistency,
  verifyProofFile,
} from '@gatehouse/transparency-log';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../../../../test/support/eventually.js';
import type { ConsistencyAnswer } from '../../src/proofs/proof-queries.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';

const ORIGIN = 'issuer.test/audit';

describe('the proofs of the log', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let writer: AuditApi;
  let reader: AuditApi;
  let log: TrustedLog;
  let appended: Appended[];

  const bytes = async (path: string): Promise<Buffer> => {
    const answer = await reader.get(path);
    expect([path, answer.statusCode]).toEqual([path, 200]);
    return answer.rawPayload;
  };
  const text = async (path: string) => (await bytes(path)).toString();
  const sizeOf = async () => {
    const [head] = await app.get(DataSource).query<{ size: string }[]>('SELECT size FROM log_head');
    return Number(head?.size);
  };
  const checkpoint = async () => verifyCheckpoint(await text('/checkpoint'), log);
  const checkpointOf = (size: number) =>
    eventually('it is signed', async () => {
      const found = await checkpoint();
      return found.size >= size && found;
    });

  beforeAll(async () => {
    app = await world.start(undefined, { AUDIT_LOG_ORIGIN: ORIGIN });
    writer = new AuditApi(app, world.writer);
    reader = new AuditApi(app, world.reader);
    appended = (await writer.append(...Array.from({ length: 600 }, () => anEvent()))) as Appended[];
    const key = parseVerifierKey((await text('/log-key')).trim());
    log = { origin: ORIGIN, keys: [key] };
  });

  afterAll(() => world.stop());

  it('proves each event by a file, its leaf and the key alone', async () => {
    for (const at of [0, 1, 255, 256, 300, 511, 599]) {
      const { id, leafHash: hash } = appended[at] as Appended;
      const leaf = await bytes(`/events/${id}/leaf`);
      expect(leafHash(leaf).toString('base64')).toBe(hash);
      const { size } = verifyProofFile(await text(`/events/${id}/proof`), leafHash(leaf), log);
      expect(size).toBeGreaterThan(at);
      expect(() => verifyProofFile(`c2sp.org/tlog-proof@v1\n`, leafHash(leaf), log)).toThrow();
    }
  });

  it('proves an event right after its append', async () => {
    const [event] = (await writer.append(anEvent())) as Appended[];
    const proof = await text(`/events/${event?.id}/proof`);
    const { size } = verifyProofFile(proof, Buffer.from(event?.leafHash ?? '', 'base64'), log);
    expect(size).toBeGreaterThan(event?.seq ?? Infinity);
  });

  it('shows tiles and entries of every width that they have had', async () => {
    const hashes = appended.map(({ leafHash: hash }) => Buffer.from(hash, 'base64'));
    const expectTile = async (path: string, from: number, to: number) =>
      expect((await bytes(`/tile/${path}`)).equals(Buffer.concat(hashes.slice(from, to)))).toBe(true);
    await expectTile('0/000', 0, 256);
    await expectTile('0/001', 256, 512);
    for (const width of [1, 2, 87, 88]) await expectTile(`0/002.p/${width}`, 512, 512 + width);
    for (const width of [1, 100, 255]) await expectTile(`0/000.p/${width}`, 0, width);
    expect(await bytes('/tile/1/000.p/1')).toHaveLength(32);
    expect((await bytes('/tile/1/000.p/2')).subarray(0, 32)).toEqual(await bytes('/tile/1/000.p/1'));
    for (const [path, width] of [['000', 256] as const, ['002.p/7', 7] as const]) {
      const entries = parseEntryBundle(await bytes(`/tile/entries/${path}`), width);
      const first = path === '000' ? 0 : 512;
      expect(entries.map((entry) => leafHash(entry).toString('base64'))).toEqual(
        appended.slice(first, first + width).map(({ leafHash: hash }) => hash),
      );
    }
  });

  it('proves that it grows by adding alone', async () => {
    const before = await checkpointOf(600);
    await writer.append(...Array.from({ length: 70 }, () => anEvent()));
    const after = await checkpointOf(before.size + 70);
    const answer = await reader.get(`/consistency?from=${before.size}&to=${after.size}`);
    const { path, ...sizes } = answer.json<ConsistencyAnswer>();
    expect(sizes).toEqual({ from: before.size, to: after.size });
    const proof = path.map((hash) => Buffer.from(hash, 'base64'));
    verifyConsistency(before, after, proof);
    expect(() => verifyConsistency({ ...before, root: after.root }, after, proof)).toThrow();
    for (const [from, to] of [
      [0, 5],
      [5, 5],
    ]) {
      expect((await reader.get(`/consistency?from=${from}&to=${to}`)).json()).toEqual({ from, to, path: [] });
    }
  });

  it.each([
    ['/tile/0/001.p/0', 400],
    ['/tile/0/1', 400],
    ['/tile/0/001/', 400],
    ['/tile/0/x001/000', 404],
    ['/tile/9/000', 404],
    ['/tile/99/000', 400],
    ['/tile/0/..%2f..%2fcheckpoint', 400],
    ['/tile/entries/x900/000', 404],
    ['/tile/entries/000.p/300', 400],
    [`/tile/${'x001/'.repeat(90)}000`, 400],
    ['/consistency', 400],
    ['/consistency?from=1', 400],
    ['/consistency?from=2&to=1', 400],
    ['/consistency?from=1&to=99999999', 400],
    ['/consistency?from=-1&to=1', 400],
    ['/consistency?from=&to=1', 400],
    ['/consistency?from=1e0&to=2', 400],
    ['/consistency?from=1&to=9999999999999999', 400],
    ['/consistency?from=1&to=2&x=3', 400],
    ['/events/nonsense/proof', 400],
    ['/events/nonsense/leaf', 400],
    [`/events/${uuidv7()}/proof`, 404],
    [`/events/${uuidv7()}/leaf`, 404],
  ])('answers %s by a problem', async (path, status) => {
    const answer = await reader.get(path);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ type: status === 404 ? 'not-found' : 'validation-failed' });
  });

  it('adds no event when it is read', async () => {
    const { id } = appended[0] as Appended;
    const before = await sizeOf();
    const paths = ['/checkpoint', '/log-key', '/tile/0/000', '/consistency?from=1&to=2'];
    for (const path of [...paths, '/tile/entries/000', `/events/${id}/proof`, `/events/${id}/leaf`]) {
      expect((await reader.get(path)).statusCode).toBe(200);
      expect((await new AuditApi(app, undefined).get(path)).statusCode).toBe(401);
      expect((await writer.get(path)).statusCode).toBe(403);
    }
    expect(await sizeOf()).toBe(before);
  });

  it('says of what kind each answer is', async () => {
    const typeOf = async (path: string) => (await reader.get(path)).headers['content-type'];
    const { id } = appended[0] as Appended;
    for (const path of ['/checkpoint', '/log-key', `/events/${id}/proof`]) {
      expect(await typeOf(path)).toBe('text/plain; charset=utf-8');
    }
    for (const path of ['/tile/0/000', `/events/${id}/leaf`]) {
      expect(await typeOf(path)).toBe('application/octet-stream');
    }
  });
});
