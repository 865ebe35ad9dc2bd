/** The leaves from the first up to the second number, the second left out. */
export type LeafRange = readonly [begin: number, end: number];

/** Where RFC 6962 §2.1 splits a range of two leaves or more: after the largest power of two that leaves some over. */
export function splitPoint(begin: number, end: number): number {
  let width = 1;
  while (2 * width < end - begin) width *= 2;
  return begin + width;
}
