import type { TileCoordinates } from '@gatehouse/transparency-log';

/** Where a log is read from: the routes of audit-service. What is not there is undefined. */
export interface LogSource {
  /** The signed note. */
  checkpoint(): Promise<string>;
  tile(tile: TileCoordinates): Promise<Buffer | undefined>;
  /** The leaves of a bundle; undefined unless all of them are there. */
  entries(index: number, width: number): Promise<Buffer[] | undefined>;
  /** The search columns of the events from `from` up to `to`, those that are there. */
  columns(from: number, to: number): Promise<readonly { readonly seq: number }[]>;
  /** A consistency proof; undefined when the log has not had these sizes. */
  consistency(from: number, to: number): Promise<Buffer[] | undefined>;
}
