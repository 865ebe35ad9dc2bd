import { MalformedTilePathError, parseTilePath } from '@gatehouse/transparency-log';
import { z } from 'zod';

/** What follows `tile/` in the path of a tile or of a bundle of entries (C2SP tlog-tiles). */
export const TilePath = z
  .string()
  .max(64)
  .refine(isTilePath, 'must be the path of a tile or of a bundle of entries (C2SP tlog-tiles)');

function isTilePath(path: string): boolean {
  try {
    parseTilePath(`tile/${path}`);
    return true;
  } catch (error) {
    if (error instanceof MalformedTilePathError) return false;
    throw error;
  }
}
