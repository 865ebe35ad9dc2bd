import type { TilePart } from './tree-growth.js';

/** Takes `tilePartColumns`. */
export const INSERT_TILE_PARTS = `INSERT INTO tile_part (level, index, first, hashes)
  SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])`;

/** Parts of tiles, column by column. */
export const tilePartColumns = (parts: readonly TilePart[]): (number[] | Buffer[])[] => [
  parts.map(({ level }) => level),
  parts.map(({ index }) => index),
  parts.map(({ first }) => first),
  parts.map(({ hashes }) => hashes),
];
