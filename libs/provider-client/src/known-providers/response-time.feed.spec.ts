import { eventually } from '../../../../test/support/eventually.js';
import { ResponseTimeFeed } from './response-time.feed.js';

describe('ResponseTimeFeed', () => {
  it('asks again and again, also after nobody answered, and no more after its end', async () => {
    const put: unknown[] = [];
    let asked = 0;
    const feed = new ResponseTimeFeed(
      { putResponseTimes: (times) => void put.push(Object.fromEntries(times)) },
      async () => {
        if (++asked === 1) throw new Error('away');
        return { times: { one: { p50: asked } } };
      },
      5,
    );
    feed.start();
    await eventually('two answers', () => put.length >= 2);
    feed.stop();
    expect(put.slice(0, 2)).toEqual([{ one: { p50: 2 } }, { one: { p50: 3 } }]);
  });

  it('puts nothing that comes after its end', async () => {
    const put: unknown[] = [];
    let answer: (of: { times: object }) => void = () => {};
    const asking = new Promise<{ times: object }>((resolve) => (answer = resolve));
    let asked = false;
    const feed = new ResponseTimeFeed(
      { putResponseTimes: (times) => void put.push(times) },
      () => {
        asked = true;
        return asking as never;
      },
      1,
    );
    feed.start();
    await eventually('it asks', () => asked);
    feed.stop();
    answer({ times: {} });
    await new Promise((resolve) => setImmediate(resolve));
    expect(put).toEqual([]);
  });
});
