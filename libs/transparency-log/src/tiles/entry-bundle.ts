import { TILE_WIDTH } from './tile-coordinates.js';

/** The longest entry that a bundle can hold: its length is given in two bytes. */
export const MAX_ENTRY_BYTES = 65_535;

const LENGTH_BYTES = 2;

/** The bytes are no bundle of entries. */
export class MalformedBundleError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedBundleError';
  }
}

/**
 * Entries one after the other, each with its length before it (C2SP tlog-tiles, "Log entries").
 *
 * @param entries from 1 up to 256, each of at most 65,535 bytes
 * @throws RangeError for more, or longer ones
 */
export function formatEntryBundle(entries: readonly Uint8Array[]): Buffer {
  if (entries.length < 1 || entries.length > TILE_WIDTH) {
    throw new RangeError(`A bundle holds from 1 up to ${TILE_WIDTH} entries, not ${entries.length}`);
  }
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES) {
        throw new RangeError(`An entry has at most ${MAX_ENTRY_BYTES} bytes, not ${entry.length}`);
      }
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/**
 * The entries of a bundle, as parts of its bytes.
 *
 * @param width how many entries it is to have
 * @throws MalformedBundleError
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Buffer[] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const start = at + LENGTH_BYTES;
    const end = start <= bundle.length ? start + bundle.readUInt16BE(at) : Infinity;
    if (end > bundle.length) throw new MalformedBundleError(`Entry ${entries.length} is cut off`);
    if (entries.length === width) throw new MalformedBundleError(`There are more than ${width} entries`);
    entries.push(bundle.subarray(start, end));
    at = end;
  }
  if (entries.length < width)
    throw new MalformedBundleError(`There are ${entries.length} entries, not ${width}`);
  return entries;
}
