/** First byte, so that another form can come after this one. */
const FORM = 1;

/**
 * Counts by bin as bytes: for each bin its distance from the one before and its count, as LEB128.
 *
 * @param bins in ascending order
 */
export function encodeBins(bins: readonly (readonly [bin: number, count: number])[]): Buffer {
  const bytes = [FORM];
  let last = 0;
  for (const [bin, count] of bins) {
    write(bytes, bin - last);
    write(bytes, count);
    last = bin;
  }
  return Buffer.from(bytes);
}

/** @throws TypeError when `encodeBins` did not make them */
export function decodeBins(bytes: Uint8Array): Map<number, number> {
  if (bytes[0] !== FORM) throw new TypeError('Not a sketch: an unknown form');
  const numbers = [...read(bytes)];
  if (numbers.length % 2 !== 0) throw new TypeError('Not a sketch: cut off');
  const bins = new Map<number, number>();
  let bin = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    bin += numbers[index] as number;
    bins.set(bin, numbers[index + 1] as number);
  }
  return bins;
}

// Counts may exceed 32 bits, so there are no bit operators here.
function write(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function* read(bytes: Uint8Array): Generator<number> {
  let value = 0;
  let scale = 1;
  for (const byte of bytes.subarray(1)) {
    value += (byte % 128) * scale;
    if (!Number.isSafeInteger(value)) throw new TypeError('Not a sketch: a number too great');
    if (byte < 128) {
      yield value;
      value = 0;
      scale = 1;
    } else {
      scale *= 128;
    }
  }
  if (scale !== 1) throw new TypeError('Not a sketch: cut off');
}
