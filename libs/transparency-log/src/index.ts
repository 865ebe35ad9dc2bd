export { assertCanonical, canonicalJson, NotCanonicalError } from './canonical-json/canonical-json.js';
export {
  type Checkpoint,
  formatCheckpoint,
  MalformedCheckpointError,
  parseCheckpoint,
} from './checkpoints/checkpoint.js';
export { verifyGrowth } from './checkpoints/growth.js';
export {
  signCheckpoint,
  type TrustedLog,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from './checkpoints/signed-checkpoint.js';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hashing/tree-hashes.js';
export { formatNote, MalformedNoteError, type Note, type NoteSignature, parseNote } from './notes/note.js';
export { createNoteSigner, type NoteSigner, signNote } from './notes/note-signer.js';
export {
  formatVerifierKey,
  MalformedVerifierKeyError,
  type NoteVerifier,
  parseVerifierKey,
} from './notes/note-verifier.js';
export { UnverifiedNoteError, type VerifiedNote, verifyNote } from './notes/verify-note.js';
export {
  formatProofFile,
  MalformedProofFileError,
  parseProofFile,
  type ProofFile,
  verifyProofFile,
} from './proof-files/proof-file.js';
export {
  type ConsistencyProof,
  consistencyProof,
  type TreeHead,
  verifyConsistency,
} from './proofs/consistency-proof.js';
export {
  type Inclusion,
  type InclusionProof,
  inclusionProof,
  verifyInclusion,
} from './proofs/inclusion-proof.js';
export { InvalidProofError } from './proofs/invalid-proof-error.js';
export {
  formatEntryBundle,
  MalformedBundleError,
  MAX_ENTRY_BYTES,
  parseEntryBundle,
} from './tiles/entry-bundle.js';
export {
  type BundleCoordinates,
  newTiles,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileCoordinates,
  tileWidth,
} from './tiles/tile-coordinates.js';
export {
  formatBundlePath,
  formatTilePath,
  MalformedTilePathError,
  parseTilePath,
  type TilePath,
} from './tiles/tile-path.js';
export { MalformedTileError, tileHashReader, type TileReader } from './tiles/tile-reader.js';
export { type Tile, TiledTree } from './tiles/tiled-tree.js';
export { CompactRange, type NodeListener } from './trees/compact-range.js';
export { type HashReader, readRoot } from './trees/hash-reader.js';
export { MerkleTree } from './trees/merkle-tree.js';
export { type NodePosition, rangeNodes } from './trees/range-nodes.js';
