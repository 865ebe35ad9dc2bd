import { setTimeout as sleep } from 'node:timers/promises';
import { NotFoundError, ValidationFailedError } from '@gatehouse/problem-details';
import {
  consistencyProof,
  formatEntryBundle,
  formatProofFile,
  inclusionProof,
  parseTilePath,
  tileWidth,
} from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import { CheckpointBoard } from '../checkpoints/checkpoint.board.js';
import type { PublishedCheckpoint } from '../checkpoints/published-checkpoint.js';
import { LogReader } from '../log/log.reader.js';
import type { ColumnsAnswer, ColumnsQuery, ConsistencyAnswer, ConsistencyQuery } from './proof-queries.js';
import { NotSignedYetError } from './proofs.errors.js';

/** A checkpoint comes each second: who asks for a proof right after the append gets it with the next one. */
const PATIENCE_MS = 3_000;
const LOOK_EVERY_MS = 200;

/** Shows what the log can prove. None of it holds anything personal in clear, and reading it is no event. */
@Injectable()
export class LogProver {
  constructor(
    private readonly log: LogReader,
    private readonly board: CheckpointBoard,
  ) {}

  /** The signed note. @throws NotSignedYetError before the first */
  async checkpoint(): Promise<string> {
    return (await this.checkpointBeyond(-1)).note;
  }

  /** One line each. */
  verifierKeys(): string {
    return this.board.verifierKeys.map((key) => `${key}\n`).join('');
  }

  /** A proof file of C2SP tlog-proof. @throws NotFoundError, NotSignedYetError */
  async proof(id: string): Promise<string> {
    const event = await this.log.find(id);
    if (event === undefined) throw new NotFoundError();
    const { size, note } = await this.checkpointBeyond(event.seq);
    const path = await inclusionProof(event.seq, size, this.log.hashReader(size));
    return formatProofFile({ index: event.seq, path, checkpoint: note });
  }

  /** The exact bytes. @throws NotFoundError */
  async leaf(id: string): Promise<Buffer> {
    const event = await this.log.find(id);
    if (event === undefined) throw new NotFoundError();
    return event.leaf;
  }

  /** @throws ValidationFailedError when the log has not had these sizes */
  async consistency({ from, to }: ConsistencyQuery): Promise<ConsistencyAnswer> {
    const { size } = await this.log.head();
    if (to > size) throw new ValidationFailedError([{ path: 'to', message: `the log has ${size} events` }]);
    if (from > to) throw new ValidationFailedError([{ path: 'from', message: 'must not be more than to' }]);
    const path = await consistencyProof(from, to, this.log.hashReader(to));
    return { from, to, path: path.map((hash) => hash.toString('base64')) };
  }

  /** What finds the events, for whoever makes it again from their leaves. Those that are not kept are left out. */
  async columns({ from, to }: ColumnsQuery): Promise<ColumnsAnswer> {
    const events = await this.log.events(from, to);
    return { items: events.map(({ seq, columns }) => ({ seq, ...columns })) };
  }

  /**
   * A tile, or a bundle of entries, as wide as the log has ever had it.
   *
   * @param path of C2SP tlog-tiles, e.g. `tile/0/x001/067.p/5`
   * @throws MalformedTilePathError
   * @throws NotFoundError when the log has it not, or not the entries any more
   */
  async tile(path: string): Promise<Buffer> {
    const asked = parseTilePath(path);
    const { size } = await this.log.head();
    const level = asked.kind === 'tile' ? asked.level : 0;
    const { index, width } = asked;
    if (width > tileWidth(level, index, size)) throw new NotFoundError();
    if (asked.kind === 'tile') return this.log.tile({ level, index, width });
    const leaves = await this.log.bundle(index, width);
    if (leaves === undefined) throw new NotFoundError();
    return formatEntryBundle(leaves);
  }

  /** The signed note of all that is in the log now. @throws NotSignedYetError */
  async currentCheckpoint(): Promise<PublishedCheckpoint> {
    return this.checkpointBeyond((await this.log.head()).size - 1);
  }

  private async checkpointBeyond(seq: number): Promise<PublishedCheckpoint> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const last = await this.board.last();
      if (last !== undefined && last.size > seq) return last;
      if (performance.now() > until) throw new NotSignedYetError();
      await sleep(LOOK_EVERY_MS);
    }
  }
}
