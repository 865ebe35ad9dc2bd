import type { Checkpoint } from '@gatehouse/transparency-log';
import { Injectable } from '@nestjs/common';
import { AuditEnvironment } from '../audit.environment.js';
import { FileMemory } from './file.memory.js';
import { RedisMemory } from './redis.memory.js';
import { type HeadMemory, type RememberedHead, sameHead } from './signed-head.js';

/** All places outside the database that remember the last signed head. */
@Injectable()
export class HeadMemories {
  private readonly memories: HeadMemory[];

  constructor(redis: RedisMemory, { logStateFile }: AuditEnvironment) {
    this.memories = logStateFile === undefined ? [redis] : [redis, new FileMemory(logStateFile)];
  }

  /** @throws when one of them cannot be asked */
  async recall(origin: string): Promise<RememberedHead[]> {
    const heads = await Promise.all(
      this.memories.map(async (memory) => {
        const head = await memory.recall(origin);
        return head === undefined ? [] : [{ by: memory.name, head }];
      }),
    );
    return heads.flat();
  }

  /** Whether all of them have this head. */
  have(head: Checkpoint, remembered: readonly RememberedHead[]): boolean {
    return remembered.filter((each) => sameHead(each.head, head)).length === this.memories.length;
  }

  async remember(head: Checkpoint): Promise<void> {
    for (const memory of this.memories) await memory.remember(head);
  }
}
