import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { type ExportLine, type ExportManifest, verifyExport } from '@gatehouse/audit-log-verifier';
import { parseVerifierKey } from '@gatehouse/transparency-log';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { jest } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import { EventsRepository } from '../../src/events/events.repository.js';
import { PAGE } from '../../src/events/trail.reader.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';
import { Tamperer } from './tampering.js';

describe('exporting the trail', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let writer: AuditApi;
  let reader: AuditApi;
  let url: string;

  beforeAll(async () => {
    app = await world.start();
    writer = new AuditApi(app, world.writer);
    reader = new AuditApi(app, world.reader);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
    await writer.append(
      anEvent({ actor: { type: 'user', id: 'ada', name: '=Ada' }, tenant: 't1' }),
      anEvent({ actor: { type: 'user', id: 'bob' }, target: { type: 'session', id: 's1' } }),
      anEvent({ actor: { type: 'service', id: 'worker' }, producer: 'billing' }),
    );
  }, 60_000);

  afterAll(() => world.stop());

  const open = async (query: string): Promise<IncomingMessage> => {
    const headers = { authorization: `Bearer ${world.reader}` };
    const [answer] = (await once(get(`${url}/v1/audit/export?${query}`, { headers }), 'response')) as [
      IncomingMessage,
    ];
    return answer;
  };
  const linesOf = (text: string) => text.trimEnd().split('\n');
  const parse = (text: string) => {
    const lines = linesOf(text).map((line) => JSON.parse(line) as unknown);
    const { manifest } = lines.pop() as { manifest: ExportManifest };
    return { lines: lines as ExportLine[], manifest };
  };
  const append = async (count: number) => {
    for (let done = 0; done < count; done += 1_000)
      await writer.append(
        ...Array.from({ length: Math.min(1_000, count - done) }, () => anEvent({ tenant: 'many' })),
      );
  };
  const trustedLog = async () => {
    const verifierKey = (await reader.get('/log-key')).body.trim();
    return { origin: verifierKey.split('+')[0] as string, keys: [parseVerifierKey(verifierKey)] };
  };

  it('is verified without the service, filtered or not, and was told before it began', async () => {
    for (const filter of ['', '&actorType=user', '&tenant=nobody']) {
      const { body, statusCode } = await reader.get(`/export?format=jsonl${filter}`);
      expect(statusCode).toBe(200);
      const { lines, manifest } = parse(body);
      const verified = await verifyExport(linesOf(body), await trustedLog());
      expect(verified.count).toBe(lines.length);
      expect(manifest.filter).toEqual(Object.fromEntries(new URLSearchParams(filter.slice(1)).entries()));
      if (filter === '') expect(manifest.size).toBe(lines.length);
      const [told] = (await reader.search('?action=audit.exported&limit=1')).items;
      expect(told).toMatchObject({
        actor: { type: 'user', id: 'auditor' },
        details: { format: 'jsonl', size: manifest.size, filters: manifest.filter },
        seq: manifest.size,
      });
    }
  });

  it.each([
    ['actorType=service&producer=billing', ['worker']],
    ['targetType=session', ['bob']],
    ['tenant=t1', ['ada']],
    ['submittedBy=auth-service&actorType=user', ['ada', 'bob']],
    ['submittedBy=nobody', []],
  ])('has what %s chooses, as a search has', async (query, actors) => {
    const { lines } = parse((await reader.get(`/export?format=jsonl&${query}`)).body);
    const { items } = await reader.search(`?order=asc&${query}`);
    expect(lines.map(({ event }) => event)).toEqual(items);
    expect(items.map(({ actor }) => actor.id)).toEqual(actors);
  });

  it('writes CSV that is no formula, and a manifest behind it', async () => {
    const answer = await reader.get('/export?format=csv&actorId=ada');
    expect(answer.headers['content-type']).toMatch(/^text\/csv/);
    const [header, row, manifest, ...rest] = answer.body.split('\r\n');
    expect(header).toMatch(/^seq,id,occurredAt,/);
    expect(row).toContain(",ada,'=Ada,");
    expect(JSON.parse((manifest ?? '').slice(2))).toMatchObject({
      manifest: { filter: { actorId: 'ada' }, count: 1, firstSeq: 0, lastSeq: 0 },
    });
    expect(rest).toEqual(['']);
  });

  it.each([
    '',
    'format=xml',
    'format=csv&limit=1',
    'format=csv&from=yesterday',
    'format=csv&actorType=robot',
  ])('refuses %j', async (query) => {
    expect((await reader.get(`/export?${query}`)).statusCode).toBe(400);
  });

  it('is for those with the permission', async () => {
    expect((await writer.get('/export?format=csv')).statusCode).toBe(403);
    expect((await new AuditApi(app, undefined).get('/export?format=csv')).statusCode).toBe(401);
  });

  it('has each event once while others append', async () => {
    await append(2_000);
    const [answer] = await Promise.all([open('format=jsonl&tenant=many'), append(2_000)]);
    const lines: string[] = [];
    for await (const line of createInterface(answer)) lines.push(line);
    const { lines: exported, manifest } = parse(lines.join('\n'));
    const seqs = exported.map(({ seq }) => seq);
    expect(seqs.length).toBe(manifest.count);
    expect(seqs.length).toBeGreaterThanOrEqual(2_000);
    expect(seqs).toEqual([...new Set(seqs)].sort((one, other) => one - other));
  }, 120_000);

  it('reads no more of the log than its reader has taken, so that memory does not grow with it', async () => {
    const details = { padding: 'x'.repeat(8_000) };
    const count = 4_000;
    for (let done = 0; done < count; done += 400)
      await writer.append(...Array.from({ length: 400 }, () => anEvent({ tenant: 'long', details })));
    const scan = jest.spyOn(app.get(EventsRepository, { strict: false }), 'scan');
    const answer = await open('format=jsonl&tenant=long');
    let before = -1;
    await eventually(
      'it has stopped',
      () => {
        const stopped = before === scan.mock.calls.length;
        before = scan.mock.calls.length;
        return stopped;
      },
      { everyMs: 500 },
    );
    // What the sockets hold is much less than the 60 MB that there are.
    expect(before).toBeLessThan(count / PAGE / 2);
    let lines = 0;
    for await (const _line of createInterface(answer)) lines++;
    expect(lines).toBe(count + 1);
    expect(scan.mock.calls.length).toBeGreaterThan(count / PAGE);
    scan.mockRestore();
  }, 120_000);

  it('that fails midway has no manifest, and its connection breaks', async () => {
    const { items } = await reader.search('?tenant=many&limit=1');
    const seq = items[0]?.seq;
    await new Tamperer(world.database.url).run([
      `UPDATE event SET leaf = '\\x07'::bytea || substring(leaf FROM 2) WHERE seq = $1`,
      [seq],
    ]);
    const answer = await open('format=csv&tenant=many');
    expect(answer.statusCode).toBe(200);
    let text = '';
    answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect(once(answer, 'end')).rejects.toThrow();
    expect(text).toMatch(/^seq,/);
    expect(text).not.toContain('manifest');
  }, 60_000);
});
