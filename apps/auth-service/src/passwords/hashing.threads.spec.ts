import { readdirSync, readFileSync } from 'node:fs';
import { HashingThreads } from './hashing.threads.js';

const COST = { memoryCost: 7_168, timeCost: 1, parallelism: 1 };

/** The niceness of each thread of this process (proc(5)). */
function niceness(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/task').map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe('HashingThreads', () => {
  const threads = new HashingThreads('@node-rs/argon2', COST);

  afterEach(() => threads.close());

  it('hash and check', async () => {
    const phc = await threads.hash('correct horse');
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=7168,t=1,p=1\$/);
    const verdicts = await Promise.all([
      threads.verify(phc, 'correct horse'),
      threads.verify(phc, 'wrong'),
      threads.verify(phc, 'correct horse'),
    ]);
    expect(verdicts).toEqual([true, false, true]);
  });

  it('hash by the other binding where the fast one does not run', async () => {
    const portable = new HashingThreads('argon2', COST);
    const phc = await portable.hash('correct horse');
    expect(await threads.verify(phc, 'correct horse')).toBe(true);
    expect(await portable.verify(await threads.hash('correct horse'), 'wrong')).toBe(false);
    await portable.close();
  });

  it('say what cannot be checked, and go on', async () => {
    await expect(threads.verify('no hash at all', 'correct horse')).rejects.toThrow();
    expect(await threads.hash('correct horse')).toMatch(/^\$argon2id/);
  });

  it('fail what a thread had at work that has ended, and start another', async () => {
    const begun = threads.hash('correct horse');
    await threads.close();
    await expect(begun).rejects.toThrow('has ended');
    expect(await threads.hash('correct horse')).toMatch(/^\$argon2id/);
  });

  it('give way to the event loop where threads have priorities', async () => {
    const low = () => niceness().filter((nice) => nice >= 10).length;
    const before = low();
    await Promise.all([threads.hash('one'), threads.hash('two')]);
    expect(low() - before).toBe(process.platform === 'linux' ? 2 : 0);
  });
});
