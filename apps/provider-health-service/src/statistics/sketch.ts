import { decodeBins, encodeBins } from './bin-encoding.js';

/** No percentile of a sketch is further than this from the exact one, as a share of it. */
export const RELATIVE_ERROR = 0.01;

// A little under what is promised: rounding of the logarithm stays inside the promise.
const ALPHA = 0.0098;
const GAMMA = (1 + ALPHA) / (1 - ALPHA);
const LOG_GAMMA = Math.log(GAMMA);

/** Milliseconds. What is below counts as this and what is above as that, so the number of bins is bounded. */
export const LOWEST = 0.001;
export const HIGHEST = 86_400_000;

/**
 * Percentiles of response times in a few hundred bytes: a DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019). Bins grow
 * by the same factor, so that the middle of a bin is near each value in it; to merge is to add counts, so that the sketch
 * of a union is the union of the sketches, whatever the order. Bins are never collapsed: between a microsecond and a day
 * there are {@link MOST_BINS}.
 */
export class Sketch {
  private constructor(private readonly bins: Map<number, number>) {}

  static empty(): Sketch {
    return new Sketch(new Map());
  }

  /** @throws TypeError when `encode` did not make it */
  static decode(bytes: Uint8Array): Sketch {
    const bins = decodeBins(bytes);
    for (const bin of bins.keys()) if (bin >= MOST_BINS) throw new TypeError('Not a sketch: a bin too many');
    return new Sketch(bins);
  }

  /** How many values it holds. */
  get count(): number {
    let count = 0;
    for (const inBin of this.bins.values()) count += inBin;
    return count;
  }

  /** @param value milliseconds */
  add(value: number): void {
    const bin = binOf(value);
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + 1);
  }

  /** Adds all that the other holds. */
  merge(other: Sketch): void {
    for (const [bin, count] of other.bins) this.bins.set(bin, (this.bins.get(bin) ?? 0) + count);
  }

  /**
   * The smallest value that `share` of the values do not exceed (nearest rank), within {@link RELATIVE_ERROR}.
   *
   * @param share 0.95 for the 95th percentile
   * @returns milliseconds; undefined when it is empty
   */
  percentile(share: number): number | undefined {
    const bins = this.sorted();
    const rank = Math.max(1, Math.ceil(share * this.count));
    let below = 0;
    for (const [bin, count] of bins) {
      below += count;
      if (below >= rank) return middleOf(bin);
    }
    return undefined;
  }

  encode(): Buffer {
    return encodeBins(this.sorted());
  }

  private sorted(): [bin: number, count: number][] {
    return [...this.bins].sort(([a], [b]) => a - b);
  }
}

/** A bin holds what is above the border before it, up to its own. */
function binOf(value: number): number {
  const within = Math.min(Math.max(value, LOWEST), HIGHEST);
  return Math.ceil(Math.log(within / LOWEST) / LOG_GAMMA);
}

/** As far, in shares, from the lower border of a bin as from the upper. */
const middleOf = (bin: number): number => (bin === 0 ? LOWEST : (LOWEST * 2 * GAMMA ** bin) / (GAMMA + 1));

export const MOST_BINS = binOf(HIGHEST) + 1;
