import { concat, EMPTY, of, Subject, throwError, timer } from 'rxjs';
import { answerOf } from './reply.stream.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('answerOf', () => {
  it('keeps the last value for the end', async () => {
    const sent: unknown[] = [];
    expect(await answerOf(of(1, 2, 3), ({ v }) => sent.push(v))).toEqual({ v: 3 });
    expect(sent).toEqual([1, 2]);
  });

  it('ends without a value when there is none', async () => {
    expect(await answerOf(EMPTY, () => undefined)).toEqual({});
  });

  it('says null for undefined, which JSON does not know', async () => {
    expect(await answerOf(of(undefined), () => undefined)).toEqual({ v: null });
  });

  it('does not keep a value back for long', async () => {
    const sent: unknown[] = [];
    const values = new Subject<number>();
    const end = answerOf(values, ({ v }) => sent.push(v));
    values.next(1);
    await turn();
    await turn();
    expect(sent).toEqual([1]);
    values.complete();
    expect(await end).toEqual({});
  });

  it('ends in the error of the handler, or of the sending', async () => {
    await expect(
      answerOf(
        concat(
          of(1),
          throwError(() => new Error('late')),
        ),
        () => undefined,
      ),
    ).rejects.toThrow('late');
    const refuse = () => {
      throw new Error('too large');
    };
    await expect(answerOf(of(1, 2), refuse)).rejects.toThrow('too large');
    await expect(answerOf(concat(of(1), timer(20)), refuse)).rejects.toThrow('too large');
  });
});
