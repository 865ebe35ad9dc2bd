import { parseCount } from '../checkpoints/count.js';
import {
  type TrustedLog,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from '../checkpoints/signed-checkpoint.js';
import { HASH_BYTES } from '../hashing/tree-hashes.js';
import { decodeBase64 } from '../notes/base64.js';
import { parseNote } from '../notes/note.js';
import { readNoteText } from '../notes/note-text.js';
import { type InclusionProof, verifyInclusion } from '../proofs/inclusion-proof.js';

const HEADER = 'c2sp.org/tlog-proof@v1';

/** All that it takes to check, without the log, that it holds an entry (C2SP tlog-proof). */
export interface ProofFile {
  /** Of the entry, from 0. */
  readonly index: number;
  /** From the sibling of the leaf up to a child of the root of the checkpoint. */
  readonly path: InclusionProof;
  /** A signed note, as the log has published it. */
  readonly checkpoint: string;
  /** Whatever the application has put there. No signature covers it. */
  readonly extra?: Buffer;
}

/** The text is no proof file, or what was to be written would not be one. */
export class MalformedProofFileError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedProofFileError';
  }
}

/**
 * Reads a proof file; nothing of it is checked.
 *
 * @param input at most 1,000,000 bytes
 * @throws MalformedProofFileError also for a checkpoint that is no signed note
 */
export function parseProofFile(input: string | Uint8Array): ProofFile {
  const text = readNoteText(input);
  if (text === undefined)
    throw new MalformedProofFileError('It is too long, not UTF-8, or has control characters');
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER) throw new MalformedProofFileError(`It does not begin with ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? readBase64(lines.shift(), 'extra ') : undefined;
  const index = parseCount(after('index ', lines.shift()));
  if (index === undefined) throw new MalformedProofFileError('It has no index below 2^53');
  const path = lines.map((line) => readBase64(line, ''));
  if (path.some((hash) => hash.length !== HASH_BYTES))
    throw new MalformedProofFileError('A hash has another length');
  const checkpoint = text.slice(end + 2);
  assertNote(checkpoint);
  return { index, path, checkpoint, ...(extra === undefined ? {} : { extra }) };
}

/**
 * Writes a proof file, by custom one with the extension `.tlog-proof`.
 *
 * @throws MalformedProofFileError for what cannot be in one
 */
export function formatProofFile({ index, path, checkpoint, extra }: ProofFile): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
    ...path.map((hash) => hash.toString('base64')),
  ];
  const file = `${lines.join('\n')}\n\n${checkpoint}`;
  parseProofFile(file);
  return file;
}

/**
 * Checks a proof file: a key of the log has signed its checkpoint, and the tree of it holds the leaf at the index.
 *
 * @param leafHash of the entry that is to be proven, made from the entry and not taken from the log
 * @returns the checkpoint
 * @throws MalformedProofFileError
 * @throws MalformedNoteError, UnverifiedNoteError or MalformedCheckpointError for its checkpoint
 * @throws InvalidProofError when it proves another entry, or none
 */
export function verifyProofFile(
  input: string | Uint8Array,
  leafHash: Uint8Array,
  log: TrustedLog,
): VerifiedCheckpoint {
  const { index, path, checkpoint } = parseProofFile(input);
  const verified = verifyCheckpoint(checkpoint, log);
  verifyInclusion({ index, size: verified.size, leafHash, root: verified.root }, path);
  return verified;
}

function after(label: string, line = ''): string {
  return line.startsWith(label) ? line.slice(label.length) : '';
}

function readBase64(line: string | undefined, label: string): Buffer {
  const bytes = decodeBase64(after(label, line));
  if (bytes === undefined)
    throw new MalformedProofFileError(`${label === '' ? 'A hash' : 'The extra data'} is not base64`);
  return bytes;
}

function assertNote(checkpoint: string): void {
  try {
    parseNote(checkpoint);
  } catch (error) {
    throw new MalformedProofFileError(`Its checkpoint is no signed note: ${(error as Error).message}`);
  }
}
