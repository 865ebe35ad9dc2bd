import { once } from 'node:events';
import { pacedStream } from './paced-stream.js';

describe('pacedStream', () => {
  it('makes what is read, and cuts off whoever reads no more', async () => {
    let [made, ended] = [0, 0];
    const endless = { next: async () => ({ value: `${++made}`.padEnd(1_000) }) };
    const stream = pacedStream(endless, { slowMs: 50, ended: () => ended++ });
    await once(stream, 'readable');
    expect((stream.read(1_000) as Buffer).toString().trim()).toBe('1');
    await once(stream, 'close');
    expect(ended).toBe(1);
    expect(made).toBeLessThan(100);
  });

  it('does not cut off whoever waits for something to come', async () => {
    let ended = 0;
    async function* slow() {
      yield 'first';
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield 'second';
    }
    const texts: string[] = [];
    for await (const text of pacedStream(slow(), { slowMs: 50, ended: () => ended++ }))
      texts.push(String(text));
    expect([texts, ended]).toEqual([['first', 'second'], 1]);
  });

  it('says at once that its reader has left, whatever it waits for', async () => {
    const left = await new Promise((resolve) => {
      const stream = pacedStream(
        { next: () => new Promise(() => {}) },
        { slowMs: 50, ended: () => resolve('left') },
      );
      stream.read();
      stream.destroy();
    });
    expect(left).toBe('left');
  });
});
