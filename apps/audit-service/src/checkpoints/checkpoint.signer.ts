import type { Checkpoint } from '@gatehouse/transparency-log';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FindingsRecorder } from '../findings/findings.recorder.js';
import type { KeeperTask } from '../keeper/keeper-task.js';
import { LogKeeper } from '../keeper/log.keeper.js';
import { LogReader } from '../log/log.reader.js';
import { CheckpointBoard } from './checkpoint.board.js';
import { HeadMemories } from './head.memories.js';
import { assertGoesOn, LogRewoundError, type RememberedHead } from './signed-head.js';

/**
 * Signs a checkpoint each second when the log has grown, if the log goes on from everything that was ever signed: as the
 * database, Redis, the file and this process remember it. What is committed is flushed, and with synchronous replication also
 * where a failover goes: no other transaction sees it before.
 *
 * While one of the memories is away nothing is signed; events are appended all the same, and signed later.
 */
@Injectable()
export class CheckpointSigner implements KeeperTask, OnModuleInit {
  readonly name = 'signing checkpoints';
  readonly everyMs = 1_000;
  private last: Checkpoint | undefined;

  constructor(
    private readonly log: LogReader,
    private readonly board: CheckpointBoard,
    private readonly memories: HeadMemories,
    private readonly findings: FindingsRecorder,
    private readonly keeper: LogKeeper,
  ) {}

  onModuleInit(): void {
    this.keeper.register(this);
  }

  async run(): Promise<void> {
    const { origin } = this.board;
    const published = await this.board.last();
    const outside = await this.memories.recall(origin);
    // Read last: nothing that was signed before can be larger, unless the log is another one.
    const head: Checkpoint = { ...(await this.log.head()), origin, extensions: [] };
    const remembered = [...outside, ...by('the database', published), ...by('this process', this.last)];
    try {
      await assertGoesOn(remembered, head, this.log.hashReader(head.size));
    } catch (error) {
      if (!(error instanceof LogRewoundError)) throw error;
      return this.findings.report('signer', {
        seq: error.seq,
        detail: `nothing is signed: ${error.message}`,
      });
    }
    await this.findings.report('signer', undefined);
    // Outside first: what was ever published is known there.
    if (!this.memories.have(head, outside)) await this.memories.remember(head);
    await this.board.publish(head, published);
    this.last = head;
  }
}

const by = (name: string, head: Checkpoint | undefined): RememberedHead[] =>
  head === undefined ? [] : [{ by: name, head }];
