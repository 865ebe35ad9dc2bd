import { type Candidate, firstHealthy, priorityChain } from './fallback-chain.js';

const healthy = (name: string): Candidate => ({
  name,
  status: 'healthy',
  available: true,
  reason: 'healthy',
  version: 0,
});
const degraded = (name: string): Candidate => ({
  name,
  status: 'degraded',
  available: true,
  reason: 'degraded',
  version: 1,
});
const out = (name: string): Candidate => ({
  name,
  status: 'unhealthy',
  available: false,
  reason: 'timeout',
  version: 2,
});
const halfOpen = (name: string): Candidate => ({
  name,
  status: 'unhealthy',
  available: true,
  reason: 'half-open',
  version: 2,
});
const limited = (name: string): Candidate => ({
  name,
  status: 'healthy',
  available: false,
  reason: 'rate-limited',
  version: 0,
});
const names = (candidates: Candidate[]) => priorityChain(candidates).chain.map(({ name }) => name);

describe('priorityChain', () => {
  it('keeps the order given, degraded ones last, and leaves out whom not to call, with the reason', () => {
    expect(priorityChain([out('a'), degraded('b'), healthy('c'), limited('d')])).toEqual({
      chain: [
        { name: 'c', status: 'healthy', reason: 'healthy' },
        { name: 'b', status: 'degraded', reason: 'degraded' },
      ],
      excluded: [
        { name: 'a', reason: 'timeout' },
        { name: 'd', reason: 'rate-limited' },
      ],
      panic: false,
      version: 3,
    });
  });

  it('leaves a half-open provider in its place, so that it is tried again', () => {
    expect(names([halfOpen('a'), healthy('b'), degraded('c')])).toEqual(['a', 'b', 'c']);
  });

  it('says that nobody is there', () => {
    expect(priorityChain([out('a'), limited('b')])).toMatchObject({ chain: [], panic: true });
  });
});

describe('firstHealthy', () => {
  it('takes the first healthy one, else the first available, else none', () => {
    expect(firstHealthy([degraded('a'), healthy('b')])?.name).toBe('b');
    expect(firstHealthy([out('a'), degraded('b'), halfOpen('c')])).toEqual({
      name: 'b',
      status: 'degraded',
      panic: false,
    });
    expect(firstHealthy([out('a'), limited('b')])).toBeUndefined();
  });
});
