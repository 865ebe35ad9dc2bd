import { aSnapshot } from '../../test/a-provider.js';
import { KnownProviders } from '../known-providers/known-providers.js';
import { OutcomeQueue } from '../outcomes/outcome-queue.js';
import type { QueuedOutcome } from '../outcomes/queued-outcome.js';
import { LocalOperation } from './local-operation.js';

const T0 = Date.UTC(2026, 0, 1);

describe('LocalOperation', () => {
  let known: KnownProviders;
  let queue: OutcomeQueue;
  let local: LocalOperation;

  const record = (kind: 'failure' | 'success' = 'failure', name = 'a') => {
    const outcome = kind === 'failure' ? { name, class: 'server' as const } : { name, responseTimeMs: 1 };
    const queued = { outcome, at: T0 };
    queue.push(queued);
    local.recorded(queued as QueuedOutcome);
  };
  const times = (count: number, work: () => void) => Array.from({ length: count }, work);
  const seen = (name = 'a') => (local.get(name) ?? known.get(name))?.snapshot.health;
  /** A batch is answered. @returns whether a snapshot is to be read */
  const answer = (count = 1_000) => {
    queue.take(count);
    queue.settle();
    return local.answered();
  };

  beforeEach(() => {
    known = new KnownProviders();
    known.replace([aSnapshot('a'), aSnapshot('b')]);
    queue = new OutcomeQueue(1_000);
    local = new LocalOperation(known, queue);
  });

  it('leaves everything to the fleet while outcomes are answered', () => {
    times(5, () => record());
    expect([local.isOn, seen()?.status, answer()]).toEqual([false, 'healthy', false]);
  });

  it('counts by itself what is not answered, what was recorded before with it', () => {
    times(3, () => record());
    local.unanswered();
    expect(seen()).toMatchObject({ status: 'degraded', failures: 3 });
    times(2, () => record());
    expect(seen()).toMatchObject({ status: 'unhealthy', failures: 5 });
    expect([local.get('a')?.isLocal, local.get('b')]).toEqual([true, undefined]);
    local.unanswered();
    expect(seen()?.failures).toBe(5);
  });

  it('keeps own outcomes on top of a snapshot that does not know of them', () => {
    times(5, () => record());
    local.unanswered();
    const done = local.loading();
    known.replace([aSnapshot('a', { revision: 2, failures: 1 }), aSnapshot('b', { revision: 2 })]);
    done();
    expect(seen()).toMatchObject({ status: 'unhealthy' });
    expect(local.isOn).toBe(true);
  });

  it('keeps own outcomes on top of what the fleet tells of a provider meanwhile', () => {
    times(2, () => record());
    local.unanswered();
    known.put(aSnapshot('a', { revision: 2, failures: 3, status: 'degraded' }));
    local.changed('a');
    expect(seen()).toMatchObject({ status: 'unhealthy', failures: 5 });
  });

  it('gives its own view up for a snapshot that was asked for after all was answered, and for no other', () => {
    times(5, () => record());
    local.unanswered();
    const early = local.loading();
    expect(answer()).toBe(true);
    known.replace([aSnapshot('a', { revision: 2 })]);
    early();
    expect(seen()?.status).toBe('unhealthy');
    known.put(aSnapshot('a', { revision: 3 }));
    local.changed('a');
    expect(seen()?.status).toBe('unhealthy');
    const late = local.loading();
    known.replace([aSnapshot('a', { revision: 4, status: 'degraded' })]);
    late();
    expect([seen()?.status, local.isOn]).toEqual(['degraded', false]);
  });

  it('waits until every outcome of the outage was answered; those after it are for the fleet', () => {
    local.unanswered();
    times(3, () => record());
    expect(answer(1)).toBe(false);
    times(2, () => record());
    expect(seen()?.failures).toBe(3);
    expect(answer(1)).toBe(false);
    expect(answer(1)).toBe(true);
  });

  it('goes on where it was when outcomes are not answered again', () => {
    times(3, () => record());
    local.unanswered();
    answer(1);
    times(2, () => record());
    local.unanswered();
    expect(seen()).toMatchObject({ status: 'unhealthy', failures: 5 });
  });

  it('counts what came before the providers were known once they are', () => {
    known = new KnownProviders();
    local = new LocalOperation(known, queue);
    times(3, () => record());
    local.unanswered();
    const done = local.loading();
    known.replace([aSnapshot('a')]);
    done();
    expect(seen()?.status).toBe('degraded');
  });

  it('begins with the fleet again in the next outage', () => {
    times(3, () => record());
    local.unanswered();
    answer();
    const done = local.loading();
    known.replace([aSnapshot('a', { revision: 2 })]);
    done();
    times(2, () => record());
    local.unanswered();
    expect(seen()).toMatchObject({ status: 'healthy', failures: 2 });
  });
});
