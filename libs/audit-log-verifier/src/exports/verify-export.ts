import {
  CompactRange,
  leafHash,
  rangeNodes,
  type TrustedLog,
  type VerifiedCheckpoint,
} from '@gatehouse/transparency-log';
import { checkCheckpoint } from '../checkpoints/check-checkpoint.js';
import { checkLeaf } from '../leaves/check-leaf.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import type { ExportLine, ExportManifest } from './export-format.js';
import { parseExportLine } from './parse-export.js';

/** What an export holds, when all of it holds. */
export interface VerifiedExport extends Pick<ExportManifest, 'count' | 'firstSeq' | 'lastSeq' | 'filter'> {
  readonly checkpoint: VerifiedCheckpoint;
}

/**
 * Verifies an export in one pass and constant memory: every event is in the tree that the log has signed, at the place that
 * it says, its bytes unchanged, and without a filter none is left out between the first and the last.
 *
 * What is personal and in clear in `event` is not covered: its sealed form in the leaf is.
 *
 * @param lines of the export, without their newlines
 * @throws VerificationFailedError that names the first event that is wrong
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  log: TrustedLog,
): Promise<VerifiedExport> {
  const tree = new ExportedTree();
  let manifest: ExportManifest | undefined;
  for await (const text of lines) {
    if (text === '') continue;
    if (manifest !== undefined) throw new VerificationFailedError('there is something behind the manifest');
    const parsed = parseExportLine(text, tree.next);
    if ('manifest' in parsed) manifest = parsed.manifest;
    else tree.append(parsed);
  }
  if (manifest === undefined) {
    throw new VerificationFailedError('the tail is cut: there is no manifest behind this event', tree.next);
  }
  return tree.finish(manifest, log);
}

/** The tree, as far as the lines make it. */
class ExportedTree {
  private readonly range = CompactRange.startingAt(0);
  private count = 0;
  private firstSeq: number | null = null;
  private lastSeq: number | null = null;
  /** The first event that is left out between two others. */
  private firstLeftOut: number | undefined;

  get next(): number {
    return this.range.end;
  }

  append({ seq, leaf, leafHash: hash, before = [], columns, event }: ExportLine): void {
    if (seq < this.next) {
      throw new VerificationFailedError(
        `it comes after seq ${this.next - 1}: rows are swapped, or twice`,
        seq,
      );
    }
    if (this.count > 0 && seq > this.next) this.firstLeftOut ??= this.next;
    this.skip(seq, before);
    const bytes = Buffer.from(leaf, 'base64');
    const expected = Buffer.from(hash, 'base64');
    if (!leafHash(bytes).equals(expected)) {
      throw new VerificationFailedError(
        'the event was changed: its leaf has not the hash that the tree has',
        seq,
      );
    }
    checkLeaf(seq, bytes, { columns, event });
    this.range.append(expected);
    this.count += 1;
    this.firstSeq ??= seq;
    this.lastSeq = seq;
  }

  finish(manifest: ExportManifest, log: TrustedLog): VerifiedExport {
    const { count, firstSeq, lastSeq, filter, size } = manifest;
    if (lastSeq !== null && (this.lastSeq ?? -1) < lastSeq) {
      throw new VerificationFailedError(
        `the tail is cut: the manifest goes on up to seq ${lastSeq}`,
        this.next,
      );
    }
    if (count !== this.count || firstSeq !== this.firstSeq || lastSeq !== this.lastSeq) {
      throw new VerificationFailedError(
        `the manifest says ${count} events from ${firstSeq} to ${lastSeq}, the export has ${this.count} from ${this.firstSeq} to ${this.lastSeq}`,
      );
    }
    if (this.firstLeftOut !== undefined && Object.keys(filter).length === 0) {
      throw new VerificationFailedError('it is left out, and no filter says why', this.firstLeftOut);
    }
    const checkpoint = checkCheckpoint(manifest.checkpoint, log);
    if (checkpoint.size < this.next) {
      throw new VerificationFailedError(
        `the checkpoint is an older one, of ${checkpoint.size} events`,
        checkpoint.size,
      );
    }
    if (checkpoint.size !== size) {
      throw new VerificationFailedError(
        `the checkpoint is another one: it has ${checkpoint.size} events, and the manifest says ${size}`,
      );
    }
    this.skip(size, manifest.after);
    if (!this.range.root().equals(checkpoint.root)) {
      throw new VerificationFailedError(
        `the hashes of the export, seq ${this.firstSeq} to ${this.lastSeq}, do not make the signed root: some were changed with their events`,
      );
    }
    return { count, firstSeq, lastSeq, filter, checkpoint };
  }

  /** The events up to this one are not in the export: the hashes of their subtrees stand for them. */
  private skip(until: number, hashes: readonly string[]): void {
    const nodes = rangeNodes(this.next, until);
    if (nodes.length !== hashes.length) {
      const what = hashes.length === 0 ? 'it is missing' : 'the hashes in place of it do not fit';
      throw new VerificationFailedError(what, this.next);
    }
    for (const [place, { level }] of nodes.entries()) {
      this.range.appendNode(level, Buffer.from(hashes[place] as string, 'base64'));
    }
  }
}
