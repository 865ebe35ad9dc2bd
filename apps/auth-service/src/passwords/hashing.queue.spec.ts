import { HashingQueue } from './hashing.queue.js';
import { OverloadedError, RequestAbandonedError } from './passwords.errors.js';

/** A task that ends when it is told to. */
function aTask() {
  let end!: () => void;
  let begun = false;
  const done = new Promise<void>((resolve) => (end = resolve));
  return {
    run: async () => {
      begun = true;
      await done;
      return 'done';
    },
    end: () => end(),
    get begun() {
      return begun;
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('HashingQueue', () => {
  it('runs as many at once as it may, the others in their order', async () => {
    const queue = new HashingQueue({ concurrency: 2, maxWaiting: 10, maxWaitMs: 60_000 });
    const tasks = [aTask(), aTask(), aTask(), aTask()] as const;
    const results = tasks.map((task) => queue.run(task.run));
    await turn();
    expect(tasks.map((task) => task.begun)).toEqual([true, true, false, false]);
    tasks[1].end();
    await turn();
    expect(tasks.map((task) => task.begun)).toEqual([true, true, true, false]);
    for (const task of tasks) task.end();
    expect(await Promise.all(results)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('refuses at once what has no room to wait', async () => {
    const queue = new HashingQueue({ concurrency: 1, maxWaiting: 1, maxWaitMs: 60_000 });
    const first = aTask();
    const running = queue.run(first.run);
    const waiting = queue.run(async () => 'second');
    await expect(queue.run(async () => 'third')).rejects.toThrow(OverloadedError);
    first.end();
    expect(await Promise.all([running, waiting])).toEqual(['done', 'second']);
  });

  it('gives up what has waited too long, and goes on with the others', async () => {
    const queue = new HashingQueue({ concurrency: 1, maxWaiting: 10, maxWaitMs: 5 });
    const first = aTask();
    const late = aTask();
    const running = queue.run(first.run);
    await expect(queue.run(late.run)).rejects.toThrow(OverloadedError);
    first.end();
    await running;
    expect(late.begun).toBe(false);
    expect(await queue.run(async () => 'next')).toBe('next');
  });

  it('forgets whoever has gone, and goes on with the others', async () => {
    const queue = new HashingQueue({ concurrency: 1, maxWaiting: 1, maxWaitMs: 60_000 });
    const [first, abandoned] = [aTask(), aTask()];
    const gone = new AbortController();
    const running = queue.run(first.run, { signal: gone.signal });
    const waiting = queue.run(abandoned.run, { signal: gone.signal });
    gone.abort();
    await expect(waiting).rejects.toThrow(RequestAbandonedError);
    expect(queue.length).toBe(0);
    // Its place is free, and what has begun goes on.
    const next = queue.run(async () => 'next', { signal: new AbortController().signal });
    first.end();
    expect(await Promise.all([running, next])).toEqual(['done', 'next']);
    expect(abandoned.begun).toBe(false);
    await expect(queue.run(async () => 'late', { signal: gone.signal })).rejects.toThrow(
      RequestAbandonedError,
    );
    expect(queue.isIdle).toBe(true);
  });

  it('keeps no more than its bound at ten times the load, and nothing of it afterwards', async () => {
    const queue = new HashingQueue({ concurrency: 2, maxWaiting: 8, maxWaitMs: 60_000 });
    const tasks = Array.from({ length: 100 }, aTask);
    const results = Promise.allSettled(tasks.map((task) => queue.run(task.run)));
    await turn();
    expect(queue.length).toBe(8);
    for (const task of tasks) task.end();
    const outcomes = (await results).map(({ status }) => status);
    expect(outcomes.filter((status) => status === 'fulfilled')).toHaveLength(10);
    expect([queue.length, queue.isIdle, queue.hasRoom]).toEqual([0, true, true]);
  });

  it('frees the place of a task that failed', async () => {
    const queue = new HashingQueue({ concurrency: 1, maxWaiting: 1, maxWaitMs: 60_000 });
    await expect(queue.run(() => Promise.reject(new Error('no memory')))).rejects.toThrow('no memory');
    expect(await queue.run(async () => 'next')).toBe('next');
  });
});
