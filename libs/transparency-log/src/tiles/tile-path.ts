import { type BundleCoordinates, TILE_WIDTH, type TileCoordinates } from './tile-coordinates.js';

const PATH = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;
const HIGHEST_LEVEL = 63;

/** What a path of a tiled log leads to. */
export type TilePath =
  ({ readonly kind: 'tile' } & TileCoordinates) | ({ readonly kind: 'entries' } & BundleCoordinates);

/** The text is no path of a tile or of a bundle of entries. */
export class MalformedTilePathError extends Error {
  constructor() {
    super('It is not the path of a tile or of a bundle of entries');
    this.name = 'MalformedTilePathError';
  }
}

/**
 * The path under the prefix of the log: `tile/<level>/<index>`, with `.p/<width>` for a partial tile (C2SP tlog-tiles,
 * "Merkle Tree").
 */
export function formatTilePath({ level, index, width }: TileCoordinates): string {
  return `tile/${level}/${formatIndex(index)}${formatWidth(width)}`;
}

/** The path under the prefix of the log: `tile/entries/<index>`, with `.p/<width>` for a partial bundle. */
export function formatBundlePath({ index, width }: BundleCoordinates): string {
  return `tile/entries/${formatIndex(index)}${formatWidth(width)}`;
}

/**
 * Reads what the two functions above write, and nothing else: each thing has one path.
 *
 * @throws MalformedTilePathError
 */
export function parseTilePath(path: string): TilePath {
  const [, level = '', groups = '', partial] = PATH.exec(path) ?? [];
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const parsed: TilePath =
    level === 'entries'
      ? { kind: 'entries', index, width }
      : { kind: 'tile', level: Number(level), index, width };
  const canonical = parsed.kind === 'tile' ? formatTilePath(parsed) : formatBundlePath(parsed);
  const exists = parsed.kind === 'entries' || parsed.level <= HIGHEST_LEVEL;
  if (!exists || !Number.isSafeInteger(index) || width < 1 || width > TILE_WIDTH || canonical !== path) {
    throw new MalformedTilePathError();
  }
  return parsed;
}

/** 1234067 is x001/x234/067, so that no file of a file system has to be a directory too. */
function formatIndex(index: number): string {
  const groups: string[] = [];
  for (let rest = index; rest > 0 || groups.length === 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length > 0 ? 'x' : ''}${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

const formatWidth = (width: number) => (width === TILE_WIDTH ? '' : `.p/${width}`);
