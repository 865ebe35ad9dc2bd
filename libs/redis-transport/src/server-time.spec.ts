import { ServerTime } from './server-time.js';

const HOUR = 3_600_000;

describe('ServerTime', () => {
  let host: number;
  let monotonic: number;
  let time: ServerTime;

  beforeEach(() => {
    [host, monotonic] = [1_000_000, 50];
    time = new ServerTime(
      () => host,
      () => monotonic,
    );
  });
  const passes = (ms: number) => {
    host += ms;
    monotonic += ms;
  };

  it('is that of the host until it is told', () => {
    expect([time.now(), time.least()]).toEqual([1_000_000, undefined]);
  });

  it.each([-HOUR, 0, HOUR])('is that of the server where the host is %s ms off', (off) => {
    time.tell(1_000_000 - off);
    passes(5_000);
    expect([time.now(), time.least()]).toEqual([1_005_000 - off, 1_005_000 - off]);
  });

  it.each([
    ['forwards', HOUR, 1_005_000 + HOUR],
    ['backwards', -HOUR, 1_005_000],
  ])('is the later one after the clock was set %s, until it is told again', (_case, step, now) => {
    time.tell(1_000_000);
    passes(5_000);
    host += step;
    expect([time.now(), time.least()]).toEqual([now, 1_005_000]);
    time.tell(1_005_000);
    passes(10);
    expect([time.now(), time.least()]).toEqual([1_005_010, 1_005_010]);
  });

  it('is certain while nothing speaks against it', () => {
    expect(time.certain(5_000)).toBeUndefined();
    time.tell(HOUR);
    passes(5_000);
    expect(time.certain(5_000)).toBe(HOUR + 5_000);
    host += HOUR;
    expect(time.certain(5_000)).toBeUndefined();
    time.tell(HOUR + 5_000);
    expect(time.certain(5_000)).toBe(HOUR + 5_000);
    passes(5_001);
    expect(time.certain(5_000)).toBeUndefined();
  });

  it('is never early where it is reckoned from when it was asked for', () => {
    const askedAt = time.read();
    passes(300);
    time.tell(HOUR, askedAt);
    expect(time.least()).toBe(HOUR + 300);
  });

  it('is no earlier than that of the host after the process stood still', () => {
    time.tell(1_000_000);
    host += HOUR;
    expect(time.now()).toBe(1_000_000 + HOUR);
  });
});
