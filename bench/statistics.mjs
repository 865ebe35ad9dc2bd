/** The value below which the share `of` of sorted values lies. */
export function percentile(sorted, of) {
  if (sorted.length === 0) throw new RangeError('Nothing was measured');
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))];
}

/** The middle one; of an even number the mean of both. */
export function median(values) {
  if (values.length === 0) throw new RangeError('Nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Mann-Whitney: whether values of one kind tend to be greater than those of another, whatever their distribution.
 *
 * @returns `probability` that one of the first is greater than one of the second, and the two-sided `pValue` of 0.5, by
 * the normal approximation without a correction for ties
 */
export function rankTest(first, second) {
  const all = [...first.map((value) => [value, 1]), ...second.map((value) => [value, 0])];
  all.sort(([a], [b]) => a - b);
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to][0] === all[from][0]) to++;
    const rank = (from + 1 + to) / 2;
    for (; from < to; from++) if (all[from][1] === 1) ranks += rank;
  }
  const [n, m] = [first.length, second.length];
  const greater = ranks - (n * (n + 1)) / 2;
  const z = (greater - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
  return { probability: greater / (n * m), pValue: 2 * (1 - normal(Math.abs(z))) };
}

/** Share of the standard normal distribution below z ≥ 0 (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normal(z) {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = tail.reduceRight((rest, factor) => (rest + factor) * t, 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
