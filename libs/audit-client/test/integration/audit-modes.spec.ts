import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { EntityManager } from 'typeorm';
import { Door } from '../../../../test/support/door.js';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import {
  freshNamespace,
  removeNamespace,
  testRedisSettings,
  testRedisUrl,
} from '../../../../test/support/redis.js';
import {
  AuditClientModule,
  type AuditEntry,
  AuditRefusedError,
  type DatabaselessAuditOptions,
  SecurityAudit,
} from '../../src/index.js';
import { AUDIT_JOURNAL } from '../../src/audit-client.tokens.js';
import { AuditServiceClient } from '../../src/audit-service.client.js';
import { ModeJournal } from '../../src/journals/mode.journal.js';
import { StreamJournal } from '../../src/journals/stream.journal.js';
import { AppendStandIn, transportOf } from './append.stand-in.js';

const entry = (action = 'test.done', details?: Record<string, unknown>): AuditEntry => ({
  ...{ action, outcome: 'success', actor: { type: 'system' } },
  ...(details === undefined ? {} : { details }),
});
const away = { type: 'dependency-unavailable', status: 503 };
/** No process has this number: it is larger than any may be. */
const DEAD_PID = 2 ** 22 + 1;

describe('the audit client of a service without a database', () => {
  let namespace: string;
  let directory: string;
  let audited: AppendStandIn;
  let door: Door;
  const started: INestApplicationContext[] = [];

  const startAuditService = async () => void started.push(await audited.start(namespace));
  const startProducer = async (options: Omit<DatabaselessAuditOptions, 'producer'>) => {
    const url = new URL(testRedisUrl());
    url.port = String(door.port);
    const module = await Test.createTestingModule({
      imports: [
        transportOf('gateway', namespace, testRedisSettings(url.href)),
        AuditClientModule.withoutDatabase({ producer: 'gateway', ...options }),
      ],
    }).compile();
    const app = await module.init();
    started.push(app);
    return { app, audit: app.get(SecurityAudit) };
  };
  const stop = async (app: INestApplicationContext) => {
    started.splice(started.indexOf(app), 1);
    await app.close();
  };

  beforeAll(() => void Logger.overrideLogger(false));

  beforeEach(async () => {
    namespace = freshNamespace('audit-modes');
    directory = await mkdtemp(join(tmpdir(), 'audit-spool-'));
    audited = new AppendStandIn();
    door = await new Door(new URL(testRedisUrl())).open();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.close()));
    await door.close();
    await removeNamespace(namespace);
    await rm(directory, { recursive: true });
  });

  it('has no transaction to enlist in, and takes no spool without a directory', async () => {
    const { app, audit } = await startProducer({});
    expect(() => audit.enlist({} as EntityManager)).toThrow('Without a database');
    const options = { producer: 'gateway', modes: { access: 'spool' as const } };
    const parts = [app.get(StreamJournal), app.get(AuditServiceClient)] as const;
    expect(() => new ModeJournal(options, ...parts)).toThrow('needs a directory');
  });

  describe('by the stream', () => {
    it('keeps an event for an audit-service that comes later, as the service itself', async () => {
      const { audit } = await startProducer({});
      const id = await audit.logAccessEvent(entry());
      await startAuditService();
      await eventuallyHolds(() => expect([...audited.stored.keys()]).toEqual([id]));
      expect(audited.stored.get(id)).toMatchObject({ category: 'access', producer: 'gateway' });
      expect(audited.authorizations).toEqual(new Set(['Bearer token-of-gateway']));
    });

    it('rejects while Redis is away', async () => {
      const { audit } = await startProducer({});
      await door.close();
      await expect(audit.logAuthEvent(entry())).rejects.toMatchObject(away);
    });
  });

  describe('strictly', () => {
    it('resolves when the event is in the log', async () => {
      await startAuditService();
      const { audit } = await startProducer({ mode: 'strict' });
      const id = await audit.logAdminEvent(entry());
      expect([...audited.stored.keys()]).toEqual([id]);
    });

    it('rejects by its deadline when it is not known to be there, and at once when it is refused', async () => {
      const { audit } = await startProducer({ mode: 'strict', deadlineMs: 300 });
      await expect(audit.logAdminEvent(entry())).rejects.toMatchObject(away);
      await startAuditService();
      await eventuallyHolds(() => audit.logAdminEvent(entry()));
      await expect(audit.logAdminEvent(entry('test.malformed'))).rejects.toBeInstanceOf(AuditRefusedError);
      // What the transport refuses is no matter of the business: 503 and not 400.
      await expect(audit.logAdminEvent(entry('test.invalid'))).rejects.toMatchObject(away);
    });
  });

  describe('by the spool', () => {
    const spooling = () => ({ mode: 'spool' as const, spool: { directory } });
    const names = async () => (await readdir(directory)).sort();

    it('keeps events without Redis, and the next process delivers them in order', async () => {
      await door.close();
      const first = await startProducer(spooling());
      const ids = await Promise.all(
        Array.from({ length: 450 }, (_, n) => first.audit.logAccessEvent(entry('test.done', { n }))),
      );
      await stop(first.app);
      await door.open();
      await startAuditService();
      await startProducer(spooling());
      await eventuallyHolds(async () => expect(await names()).toEqual([]));
      expect([...audited.stored.keys()]).toEqual(ids);
    });

    it('takes over what a killed process was writing, but for a line that was cut', async () => {
      const { app, audit } = await startProducer(spooling());
      await door.close();
      const id = await audit.logAccessEvent(entry());
      await stop(app);
      const [left = ''] = await names();
      const line = await readFile(join(directory, left), 'utf8');
      await writeFile(join(directory, `open-000000000007-${DEAD_PID}.jsonl`), line + line.slice(0, 20));
      await rm(join(directory, left));
      await door.open();
      await startAuditService();
      await startProducer(spooling());
      await eventuallyHolds(async () => expect(await names()).toEqual([]));
      expect([...audited.stored.keys()]).toEqual([id]);
    });

    it('leaves alone what a process that runs is writing', async () => {
      await writeFile(join(directory, `open-000000000007-${process.ppid}.jsonl`), '{}\n');
      await startAuditService();
      const { audit } = await startProducer(spooling());
      const id = await audit.logAccessEvent(entry());
      await eventuallyHolds(() => expect([...audited.stored.keys()]).toEqual([id]));
      await eventuallyHolds(async () => expect(await names()).toHaveLength(1));
    });

    it('refuses what it has no room for, and keeps the rest', async () => {
      const { audit } = await startProducer({ mode: 'spool', spool: { directory, maxBytes: 2_000 } });
      const kept: string[] = [];
      const fill = async () => {
        for (;;) kept.push(await audit.logAccessEvent(entry()));
      };
      await expect(fill()).rejects.toMatchObject(away);
      expect(kept.length).toBeGreaterThan(0);
      await startAuditService();
      await eventuallyHolds(async () => expect(await names()).toEqual([]));
      expect([...audited.stored.keys()]).toEqual(kept);
      await expect(audit.logAccessEvent(entry())).resolves.toEqual(expect.any(String));
    });

    it('delivers what was refused only for its neighbour, and keeps the neighbour aside', async () => {
      await door.close();
      const { audit } = await startProducer(spooling());
      const ids = await Promise.all(
        ['test.done', 'test.invalid', 'test.malformed', 'test.done'].map((action) =>
          audit.logAccessEvent(entry(action)),
        ),
      );
      await startAuditService();
      await door.open();
      await eventuallyHolds(async () => expect((await names()).join()).toMatch(/^\d+\.jsonl\.refused$/));
      expect([...audited.stored.keys()]).toEqual([ids[0], ids[3]]);
    });
  });

  describe('as well as it can', () => {
    it('makes nobody wait, drops what Redis does not take, and counts it', async () => {
      const { app, audit } = await startProducer({ mode: 'best-effort' });
      await door.close();
      await audit.logAccessEvent(entry());
      const journal = app.get<ModeJournal>(AUDIT_JOURNAL);
      await eventuallyHolds(() => expect(journal.dropped).toBe(1));
      await door.open();
      await startAuditService();
      await eventuallyHolds(async () => {
        await audit.logAccessEvent(entry());
        expect(audited.stored.size).toBeGreaterThan(0);
      });
    });
  });

  it('goes by the category of the event', async () => {
    const modes = { auth: 'strict', access: 'best-effort', provider: 'spool' } as const;
    const { audit } = await startProducer({ modes, spool: { directory }, deadlineMs: 200 });
    await door.close();
    await expect(audit.logAuthEvent(entry())).rejects.toMatchObject(away);
    await expect(audit.logAdminEvent(entry())).rejects.toMatchObject(away);
    await audit.logAccessEvent(entry());
    await audit.logProviderEvent(entry());
    expect(await readdir(directory)).toHaveLength(1);
  });
});
