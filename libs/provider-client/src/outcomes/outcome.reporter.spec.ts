import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { DependencyUnavailableError, DomainError } from '@gatehouse/problem-details';
import type { OutcomesAnswer, RecordOutcomes } from '@gatehouse/provider-health-contracts';
import { OutcomeQueue } from './outcome-queue.js';
import { OutcomeReporter } from './outcome.reporter.js';
import { isFailure } from './queued-outcome.js';

beforeAll(() => void Logger.overrideLogger(false));

const refusal = (status: number, type = 'refused') => new DomainError({ type, status, title: 'No' });

describe('OutcomeReporter', () => {
  let reporter: OutcomeReporter;
  let queue: OutcomeQueue;
  let sent: RecordOutcomes[];
  let replies: (() => OutcomesAnswer | Promise<OutcomesAnswer>)[];
  let said: string[];

  const counted = ({ outcomes }: RecordOutcomes): OutcomesAnswer => ({
    results: outcomes.map(({ name }) => ({ name, accepted: true, status: 'healthy', version: 0 })),
  });
  const texts = () =>
    sent.map(({ sequence, outcomes }) => {
      const all = outcomes.map((outcome) => outcome.name + (isFailure(outcome) ? '!' : ''));
      return `${sequence}: ${all.join(' ')}`;
    });
  const fail = (error: Error) => () => Promise.reject(error);
  const success = (name: string) => reporter.record({ outcome: { name, responseTimeMs: 1 }, at: 0 });
  const failure = (name: string) => reporter.record({ outcome: { name, class: 'server' }, at: 0 });
  const passes = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers();
    [sent, replies, said] = [[], [], []];
    queue = new OutcomeQueue(100);
    const send = async (batch: RecordOutcomes) => {
      sent.push(batch);
      return (await replies.shift()?.()) ?? counted(batch);
    };
    reporter = new OutcomeReporter(
      queue,
      { send, now: () => 0, batchMs: 5, batchSize: 10, answerWithinMs: 1_000 },
      {
        recorded: () => undefined,
        answered: () => said.push('answered'),
        unanswered: () => said.push('unanswered'),
        delivered: (count) => said.push(`delivered ${count}`),
        dropped: (reason, count) => said.push(`${reason} ${count}`),
      },
    );
  });
  afterEach(() => jest.useRealTimers());

  it('sends what came within 5 ms together, a full batch and a failure sooner, and numbers on', async () => {
    success('a');
    success('b');
    await passes(4);
    expect(sent).toEqual([]);
    await passes(1);
    for (let n = 0; n < 10; n++) success('a');
    await passes(1);
    success('a');
    failure('b');
    await passes(1);
    expect(texts()).toEqual(['1: a b', `3: ${Array(10).fill('a').join(' ')}`, '13: b! a']);
  });

  it('has one batch under way; what comes meanwhile goes with the next', async () => {
    let answer: (value: OutcomesAnswer) => void = () => undefined;
    replies = [() => new Promise((resolve) => (answer = resolve))];
    failure('a');
    await passes(1);
    for (let n = 0; n < 20; n++) failure('b');
    await passes(500);
    expect(sent).toHaveLength(1);
    answer({ results: [] });
    await passes(1);
    expect(sent.map(({ sequence, outcomes }) => [sequence, outcomes.length])).toEqual([
      [1, 1],
      [2, 20],
    ]);
  });

  it.each([
    ['the service is away', new DependencyUnavailableError('Redis')],
    ['the answer did not come', refusal(504)],
    ['the token was refused', refusal(401)],
    ['the service does not know the message yet', refusal(501)],
    ['anything else was thrown', new Error('odd')],
  ])('sends the same by the same numbers until it is answered, while %s', async (_case, error) => {
    replies = [fail(error), fail(error), fail(error)];
    failure('a');
    await passes(1);
    failure('b');
    await passes(10_000);
    expect(texts()).toEqual(['1: a!', '1: a!', '1: a!', '1: a!', '2: b!']);
    expect(new Set(sent.map(({ reporter: id }) => id)).size).toBe(1);
    expect(said).toEqual([
      ...['unanswered', 'unanswered', 'unanswered', 'delivered 1', 'answered'],
      ...['delivered 1', 'answered'],
    ]);
  });

  it('says that a batch is not answered before it fails', async () => {
    replies = [() => new Promise(() => undefined)];
    failure('a');
    await passes(1_001);
    expect(said).toEqual(['unanswered']);
  });

  it.each([400, 403, 404, 422])(
    'drops a batch that is refused for ever (%i), and goes on',
    async (status) => {
      replies = [fail(refusal(status))];
      failure('a');
      await passes(1);
      failure('b');
      await passes(10_000);
      expect(texts()).toEqual(['1: a!', '2: b!']);
      expect(said).toEqual(['refused 1', 'answered', 'delivered 1', 'answered']);
    },
  );

  it('says which outcomes of a batch were refused', async () => {
    const problem = { type: 'unknown-provider', title: 'No', status: 404 };
    replies = [
      () => ({
        results: [
          { name: 'a', accepted: false, problem },
          { name: 'b', accepted: true, status: 'healthy', version: 0 },
        ],
      }),
    ];
    failure('a');
    failure('b');
    await passes(1);
    expect(said).toEqual(['refused 1', 'delivered 1', 'answered']);
  });

  it('sends a batch that is too large in parts, by the same numbers, and drops one that is too large alone', async () => {
    const tooLarge = refusal(413, 'payload-too-large');
    replies = [fail(tooLarge), fail(tooLarge)];
    for (const name of ['a', 'b', 'c']) failure(name);
    await passes(10);
    expect(texts()).toEqual(['1: a! b! c!', '1: a! b!', '1: a!', '2: b! c!']);
    replies = [fail(tooLarge)];
    failure('d');
    await passes(10);
    expect(said.at(-2)).toBe('refused 1');
    expect(queue.unsettled()).toEqual([]);
  });

  it('makes room when it is full, and says how much', async () => {
    replies = [fail(refusal(503))];
    failure('a');
    await passes(1);
    for (let n = 0; n < 102; n++) success('b');
    failure('c');
    expect(queue.length).toBe(100);
    expect(said.filter((word) => word.startsWith('overflow'))).toHaveLength(3);
    await passes(10_000);
    expect(sent.flatMap(({ outcomes }) => outcomes).filter(isFailure)).toHaveLength(3);
  });

  it('leaves nothing behind at the end when it is answered', async () => {
    replies = [fail(refusal(503))];
    failure('a');
    await passes(1);
    success('b');
    const stopped = reporter.stop(1_000);
    await passes(1);
    await stopped;
    expect(texts()).toEqual(['1: a!', '1: a!', '2: b']);
    expect(said.some((word) => word.startsWith('shutdown'))).toBe(false);
  });

  it('ends in time when it is not, and says what is lost', async () => {
    replies = Array.from({ length: 100 }, () => fail(refusal(503)));
    failure('a');
    success('b');
    const stopped = reporter.stop(1_000);
    await passes(1_000);
    await stopped;
    expect(said.at(-1)).toBe('shutdown 2');
    const times = sent.length;
    await passes(60_000);
    expect(sent).toHaveLength(times);
  });
});
