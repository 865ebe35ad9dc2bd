import { Logger } from '@nestjs/common';
import { anEntry, aSmallEvent } from '../../test/an-entry.js';
import type { EventQuarantine } from './event.quarantine.js';
import type { LogEntry } from './log-entry.js';
import { LogFullError } from './log.errors.js';
import type { LogRepository } from './log.repository.js';
import { LogSequencer } from './log.sequencer.js';

const entry = (action: string): LogEntry =>
  anEntry(aSmallEvent('019d0000-0000-7000-8000-000000000001', { action }));
const entries = (count: number, action = 'good') => new Array<LogEntry>(count).fill(entry(action));

/** A log that refuses some values, or is away. */
class FakeLog {
  readonly batches: number[] = [];
  size = 0;
  failure?: Error;
  private gate: Promise<void> = Promise.resolve();

  /** Commits wait until the returned function is called. */
  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => (open = resolve));
    return open;
  }

  async append(batch: readonly LogEntry[]) {
    this.batches.push(batch.length);
    await this.gate;
    if (this.failure) throw this.failure;
    if (batch.some(({ event }) => event.action === 'bad')) {
      throw Object.assign(new Error('date/time field value out of range'), { code: '22008' });
    }
    return batch.map(({ leafHash }) => ({ seq: this.size++, leafHash }));
  }
}

class FakeQuarantine {
  readonly kept: unknown[] = [];

  async add(events: readonly unknown[]) {
    this.kept.push(...events);
    return events;
  }
}

describe('LogSequencer', () => {
  let log: FakeLog;
  let quarantine: FakeQuarantine;
  let sequencer: LogSequencer;

  beforeAll(() => void Logger.overrideLogger(false));
  beforeEach(() => {
    log = new FakeLog();
    quarantine = new FakeQuarantine();
    sequencer = new LogSequencer(log as unknown as LogRepository, quarantine as unknown as EventQuarantine);
  });

  it('makes one batch of what comes while another commits, and answers each its own', async () => {
    const open = log.hold();
    const first = sequencer.append(entries(1));
    await new Promise(setImmediate);
    const others = [2, 3, 4].map((count) => sequencer.append(entries(count)));
    open();
    expect((await first).map((outcome) => 'seq' in outcome && outcome.seq)).toEqual([0]);
    const outcomes = await Promise.all(others);
    expect(outcomes.map((each) => each.map((outcome) => 'seq' in outcome && outcome.seq))).toEqual([
      [1, 2],
      [3, 4, 5],
      [6, 7, 8, 9],
    ]);
    expect(log.batches).toEqual([1, 9]);
  });

  it('keeps a batch at 2,000 events', async () => {
    await Promise.all(Array.from({ length: 5 }, () => sequencer.append(entries(900))));
    expect(log.batches).toEqual([1_800, 1_800, 900]);
  });

  it('keeps a batch at 4 MiB of leaves', async () => {
    const details = { text: 'x'.repeat(60_000) };
    const large = anEntry(aSmallEvent('019d0000-0000-7000-8000-000000000001', { details }));
    const many = (count: number) => new Array<LogEntry>(count).fill(large);
    await Promise.all([50, 15, 30, 80].map((count) => sequencer.append(many(count))));
    expect(log.batches).toEqual([65, 30, 80]);
  });

  it('halves a batch until the event that is refused is alone', async () => {
    const outcomes = await sequencer.append([...entries(9), entry('bad'), ...entries(20)]);
    expect(outcomes.filter((outcome) => 'seq' in outcome)).toHaveLength(29);
    expect(outcomes[9]).toMatchObject({ error: 'not-storable' });
    expect(quarantine.kept).toMatchObject([{ reason: 'not-storable', submittedBy: 'x' }]);
  });

  it.each([
    ['the database is away', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['the disk is full', Object.assign(new Error('could not extend file'), { code: '53100' })],
    ['a right is missing', Object.assign(new Error('permission denied'), { code: '42501' })],
    ['the tree is damaged', Object.assign(new Error('duplicate key'), { code: '23505', table: 'tile_part' })],
    ['something else is wrong', new Error('boom')],
  ])('puts no event aside when %s, and takes the next ones', async (_what, failure) => {
    log.failure = failure;
    await expect(sequencer.append(entries(5))).rejects.toBe(failure);
    expect(log.batches).toEqual([5]);
    expect(quarantine.kept).toEqual([]);
    log.failure = undefined;
    await expect(sequencer.append(entries(1))).resolves.toHaveLength(1);
  });

  it('refuses more than it may hold, and takes more when it has caught up', async () => {
    const open = log.hold();
    const held = Array.from({ length: 20 }, () => sequencer.append(entries(1_000)));
    await expect(sequencer.append(entries(1))).rejects.toThrow(LogFullError);
    open();
    await Promise.all(held);
    await expect(sequencer.append(entries(1))).resolves.toHaveLength(1);
  });

  it('refuses more than 64 MiB of leaves, few as they are', async () => {
    const details = { text: 'x'.repeat(60_000) };
    const large = anEntry(aSmallEvent('019d0000-0000-7000-8000-000000000001', { details }));
    const some = new Array<LogEntry>(100).fill(large);
    const open = log.hold();
    const held = Array.from({ length: 11 }, () => sequencer.append(some));
    await expect(sequencer.append(some)).rejects.toThrow(LogFullError);
    open();
    await Promise.all(held);
    await expect(sequencer.append(some)).resolves.toHaveLength(100);
  });

  it('appends nothing at once', async () => {
    await expect(sequencer.append([])).resolves.toEqual([]);
    expect(log.batches).toEqual([]);
  });
});
