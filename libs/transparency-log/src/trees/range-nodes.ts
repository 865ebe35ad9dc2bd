/** A complete subtree: it covers the leaves from `index * 2^level` up to `(index + 1) * 2^level`. */
export interface NodePosition {
  /** 0 is the level of the leaves. */
  readonly level: number;
  /** From the left, from 0. */
  readonly index: number;
}

/**
 * The fewest complete subtrees that cover the leaves from `begin` up to `end`, from left to right.
 *
 * @param begin the first leaf
 * @param end the one after the last leaf
 * @throws RangeError when these are no sizes of trees, or in the wrong order
 */
export function rangeNodes(begin: number, end: number): NodePosition[] {
  assertRange(begin, end);
  const nodes: NodePosition[] = [];
  for (let at = begin; at < end;) {
    let level = 0;
    let width = 1;
    while (at % (2 * width) === 0 && at + 2 * width <= end) {
      level += 1;
      width *= 2;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** @throws RangeError unless both are integers up to 2^53 - 1 and `0 <= begin <= end` */
export function assertRange(begin: number, end: number): void {
  if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0 || begin > end) {
    throw new RangeError(`There are no leaves from ${begin} up to ${end}`);
  }
}
