import { HASH_BYTES } from '../hashing/tree-hashes.js';
import { decodeBase64 } from '../notes/base64.js';
import { readNoteText } from '../notes/note-text.js';
import type { TreeHead } from '../proofs/consistency-proof.js';
import { parseCount } from './count.js';

/** What a log says of its tree (C2SP tlog-checkpoint, "Note text"). */
export interface Checkpoint extends TreeHead {
  /** Names the log: some characters on one line; by custom a URL without scheme. */
  readonly origin: string;
  /** The number of leaves, up to 2^53 - 1. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** Lines with something on them that follow; no log should need any. */
  readonly extensions: readonly string[];
}

/** The text is no checkpoint, or what was to be written would not be one. */
export class MalformedCheckpointError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedCheckpointError';
  }
}

/**
 * Reads the text of a checkpoint, without its signatures.
 *
 * @throws MalformedCheckpointError also for a size of 2^53 or more, which no number here holds
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (readNoteText(text) === undefined) throw new MalformedCheckpointError('It cannot be the text of a note');
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.some((line) => line === '')) {
    throw new MalformedCheckpointError('It is not lines with something on each');
  }
  const [origin, size = '', root = '', ...extensions] = lines;
  const leaves = parseCount(size);
  const hash = decodeBase64(root);
  if (origin === undefined) throw new MalformedCheckpointError('It has no origin');
  if (leaves === undefined) throw new MalformedCheckpointError('Its size is no decimal number below 2^53');
  if (hash?.length !== HASH_BYTES) throw new MalformedCheckpointError('Its root is not the base64 of a hash');
  return { origin, size: leaves, root: hash, extensions };
}

/**
 * Writes the text of a checkpoint, which `signNote` signs.
 *
 * @throws MalformedCheckpointError for what cannot be in one
 */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), root.toString('base64'), ...extensions];
  // A newline in one of them would make two.
  if (lines.some((line) => line.includes('\n')))
    throw new MalformedCheckpointError('A line has a newline in it');
  const text = `${lines.join('\n')}\n`;
  parseCheckpoint(text);
  return text;
}
