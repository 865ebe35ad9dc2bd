import { Readable } from 'node:stream';

const BUFFERED_BYTES = 16_384;

/**
 * A stream of texts that are made as they are read: what its reader does not take is not made, and so not kept in memory.
 *
 * @param of.slowMs a reader that takes nothing for so long while there is something for it is cut off
 * @param of.ended hears at once when the stream has ended, was cut off, or its reader has left
 */
export function pacedStream(
  texts: AsyncIterator<string>,
  of: { slowMs: number; ended: () => void },
): Readable {
  let cut: NodeJS.Timeout | undefined;
  return new Readable({
    highWaterMark: BUFFERED_BYTES,
    read() {
      clearTimeout(cut);
      texts.next().then(
        ({ done, value }) => {
          if (this.destroyed) return;
          if (done !== true) cut = setTimeout(() => this.destroy(), of.slowMs);
          this.push(done === true ? null : value);
        },
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      clearTimeout(cut);
      of.ended();
      done(error);
    },
  });
}
