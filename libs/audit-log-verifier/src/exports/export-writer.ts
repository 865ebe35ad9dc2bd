import { type HashReader, parseCheckpoint, parseNote, rangeNodes } from '@gatehouse/transparency-log';
import type { SearchColumns } from '../leaves/search-columns.js';
import { EXPORT_FORMAT, type ExportLine, type ExportManifest } from './export-format.js';

/** A reader of hashes keeps the tiles that it has fetched: after so many lines another takes its place. */
const LINES_A_READER = 4_096;

/** An event to be exported. */
export interface ExportedEvent {
  readonly seq: number;
  readonly leaf: Uint8Array;
  readonly columns?: SearchColumns;
  readonly event?: Readonly<Record<string, unknown>>;
}

/** Writes an export line by line, in constant memory. */
export class ExportWriter {
  private readonly size: number;
  private readHash: HashReader;
  private next = 0;
  private count = 0;
  private firstSeq: number | null = null;

  /**
   * @param checkpoint a signed note; the export proves its events by it
   * @param filter what chose the events; nothing for all of a range
   * @param newReader looks up hashes of the tree of the checkpoint
   * @throws MalformedNoteError
   * @throws MalformedCheckpointError
   */
  constructor(
    private readonly checkpoint: string,
    private readonly filter: Readonly<Record<string, unknown>>,
    private readonly newReader: (size: number) => HashReader,
  ) {
    this.size = parseCheckpoint(parseNote(checkpoint).text).size;
    this.readHash = newReader(this.size);
  }

  /**
   * The line of an event, with its newline.
   *
   * @throws RangeError for an event that does not come after the one before, or that the checkpoint does not hold
   */
  async line({ seq, leaf, columns, event }: ExportedEvent): Promise<string> {
    if (!(seq >= this.next && seq < this.size)) {
      throw new RangeError(`Event ${seq} is not between ${this.next} and ${this.size}`);
    }
    if (this.count % LINES_A_READER === 0) this.readHash = this.newReader(this.size);
    const before = await this.gap(seq);
    const line: ExportLine = {
      seq,
      leaf: Buffer.from(leaf).toString('base64'),
      leafHash: (await this.readHash(0, seq)).toString('base64'),
      ...(before.length > 0 && { before }),
      ...(columns && { columns }),
      ...(event && { event }),
    };
    this.next = seq + 1;
    this.count += 1;
    this.firstSeq ??= seq;
    return `${JSON.stringify(line)}\n`;
  }

  /** The last line. */
  async manifest(): Promise<string> {
    const { filter, count, firstSeq, size, checkpoint } = this;
    const lastSeq = count === 0 ? null : this.next - 1;
    const after = await this.gap(size);
    const manifest: ExportManifest = {
      ...{ format: EXPORT_FORMAT, filter, count, firstSeq, lastSeq, size, after, checkpoint },
    };
    return `${JSON.stringify({ manifest })}\n`;
  }

  private async gap(until: number): Promise<string[]> {
    const hashes = rangeNodes(this.next, until).map(async ({ level, index }) => this.readHash(level, index));
    return (await Promise.all(hashes)).map((hash) => hash.toString('base64'));
  }
}
