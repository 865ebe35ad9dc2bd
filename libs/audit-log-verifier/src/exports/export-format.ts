import type { SearchColumns } from '../leaves/search-columns.js';

/** The format that the manifest names. */
export const EXPORT_FORMAT = 'gatehouse-audit-export@v1';

/**
 * An event of an export: a line of JSON. Lines come in the order of `seq`.
 *
 * Between two of them the export may leave events out. `before` has the hashes of the fewest complete subtrees that cover
 * these, from left to right (RFC 6962 §2.1): with them the lines make the root of the signed tree, each at its place.
 */
export interface ExportLine {
  readonly seq: number;
  /** The exact bytes that are hashed, base64. */
  readonly leaf: string;
  /** As the tree has it, base64: a leaf that was changed has another one. */
  readonly leafHash: string;
  /** Base64; not there when the event before is in the export too. */
  readonly before?: readonly string[];
  /** What the event is found by. */
  readonly columns?: SearchColumns;
  /** The event for readers, what is personal in clear; its open fields are compared with the leaf. */
  readonly event?: Readonly<Record<string, unknown>>;
}

/** The last line of an export: `{"manifest":{…}}`. */
export interface ExportManifest {
  readonly format: typeof EXPORT_FORMAT;
  /** The query that chose the events. Without any field: all from the first to the last, without a gap. */
  readonly filter: Readonly<Record<string, unknown>>;
  readonly count: number;
  /** Null when there is no event. */
  readonly firstSeq: number | null;
  readonly lastSeq: number | null;
  /** Of the tree that `checkpoint` has signed. */
  readonly size: number;
  /** As `before`, for the events after the last line. */
  readonly after: readonly string[];
  /** The signed note. */
  readonly checkpoint: string;
}
