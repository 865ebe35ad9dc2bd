import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatEntryBundle, parseTilePath } from '@gatehouse/transparency-log';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { ALog, flipBit, VKEY } from '../a-log.js';
import { runAudit } from '../../src/cli/audit.cli.js';

/** The routes of audit-service on a log in memory. */
class AService {
  private readonly server: Server;

  constructor(public log: ALog) {
    this.server = createServer((request, response) => {
      void this.answer(request.url ?? '').then((body) => {
        response.statusCode = body === undefined ? 404 : 200;
        response.end(body);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(path: string): Promise<string | Buffer | undefined> {
    const { pathname, searchParams } = new URL(path, 'http://x');
    const name = pathname.replace('/v1/audit/', '');
    const [from, to] = ['from', 'to'].map((each) => Number(searchParams.get(each))) as [number, number];
    if (name === 'checkpoint') return this.log.checkpoint();
    if (name === 'columns') return JSON.stringify({ items: await this.log.columns(from, to) });
    if (name === 'consistency') {
      const path = await this.log.consistency(from, to);
      return path && JSON.stringify({ from, to, path: path.map((hash) => hash.toString('base64')) });
    }
    const asked = parseTilePath(name);
    if (asked.kind === 'tile') return this.log.tile(asked);
    const entries = await this.log.entries(asked.index, asked.width);
    return entries && formatEntryBundle(entries);
  }
}

describe('gatehouse-audit', () => {
  let service: AService;
  let url: string;
  let folder: string;
  let text = { out: '', err: '' };
  let stop: AbortController;

  const audit = (...args: string[]) =>
    runAudit(
      [...args, '--key', VKEY],
      {},
      {
        out: (more) => (text.out += more),
        err: (more) => (text.err += more),
        stop: stop.signal,
      },
    );
  const tailed = () =>
    text.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { seq: number; id: string });

  beforeEach(async () => {
    service = new AService(new ALog(300));
    url = await service.start();
    folder = await mkdtemp(join(tmpdir(), 'audit-cli-'));
    text = { out: '', err: '' };
    stop = new AbortController();
  });

  afterEach(async () => {
    service.stop();
    await rm(folder, { recursive: true });
  });

  it('tails each event once, in order, as the log grows, and remembers where it was', async () => {
    const state = join(folder, 'state');
    const tail = audit('tail', url, '--from', '250', '--state', state);
    await eventuallyHolds(() => expect(tailed()).toHaveLength(50));
    service.log = new ALog(700);
    await eventuallyHolds(() => expect(tailed()).toHaveLength(450));
    stop.abort();
    expect(await tail).toBe(0);
    expect(tailed().map(({ seq, id }) => `${seq} ${id}`)).toEqual(
      Array.from({ length: 450 }, (_, at) => `${250 + at} id-${250 + at}`),
    );
    expect(await readFile(state, 'utf8')).toBe(service.log.note);
    service.log = new ALog(699);
    stop = new AbortController();
    expect(await audit('tail', url, '--state', state)).toBe(1);
    expect(text.err).toContain('older than one that was seen before');
  });

  it('tails from the end without a beginning, and stops at an event that was changed', async () => {
    const tail = audit('tail', url);
    await new Promise((resolve) => setImmediate(resolve));
    const grown = new ALog(310);
    grown.row(305).leaf = flipBit(grown.row(305).leaf, 40);
    await eventuallyHolds(() => expect(service.log.asked).toBeGreaterThan(0));
    service.log = grown;
    expect(await tail).toBe(1);
    expect(text.err).toContain('seq 305: the event was changed');
    expect(tailed()).toEqual([]);
  });

  it('exports a range that is verified without the service', async () => {
    const file = join(folder, 'export.jsonl');
    expect(await audit('export', url, '--from', '100', '--out', file)).toBe(0);
    service.stop();
    expect(await audit('verify', file)).toBe(0);
    expect(text.out).toContain(
      '200 events, seq 100 to 299 (none left out), in example.com/audit of 300 events',
    );
  });

  it('names what it finds in a service', async () => {
    service.log.swap(10, 290);
    expect(await audit('verify', url)).toBe(1);
    expect(text.err).toBe('NOT VERIFIED: seq 10: it holds the event of seq 290: rows were swapped\n');
  });

  it('explains itself when it is called wrongly', async () => {
    expect(await runAudit([], {}, { out: () => {}, err: () => {}, stop: stop.signal })).toBe(2);
    expect(await audit('verify', url, 'more')).toBe(2);
    expect(await audit('verify', url, '--from', 'x')).toBe(2);
    expect(await audit('verify', url, '--nonsense')).toBe(2);
    expect(await audit('verify', url, '--token-file', '/nowhere')).toBe(2);
    expect(text.err).toContain('/nowhere cannot be read.');
  });
});
