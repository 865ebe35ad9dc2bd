import type { Checkpoint } from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import { CheckpointRepository } from './checkpoint.repository.js';
import { LogIdentity } from './log.identity.js';
import type { PublishedCheckpoint } from './published-checkpoint.js';

/** Where the last checkpoint is published, for every replica to show. */
@Injectable()
export class CheckpointBoard {
  constructor(
    private readonly identity: LogIdentity,
    private readonly checkpoints: CheckpointRepository,
  ) {}

  get origin(): string {
    return this.identity.origin;
  }

  /** What verifies them. */
  get verifierKeys(): string[] {
    return this.identity.verifierKeys;
  }

  /** The last one, or undefined before the first. */
  last(): Promise<PublishedCheckpoint | undefined> {
    return this.checkpoints.find(this.origin);
  }

  /** Signs and publishes; nothing is written when `last` is the same, by the same keys. */
  async publish(head: Checkpoint, last: PublishedCheckpoint | undefined): Promise<void> {
    const note = this.identity.sign(head);
    if (note !== last?.note) await this.checkpoints.put(head, note);
  }
}
