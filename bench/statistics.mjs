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
