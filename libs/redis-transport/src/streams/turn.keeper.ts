import { isRedisUnavailable } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import { type ConsumerGroup, isGroupGone } from './consumer.group.js';
import { RepeatingTask } from '../repeating.task.js';
import type { WorkInHand } from './work-in-hand.js';

const LOOK_EVERY_MS = 50;

/**
 * Lets work wait for the end of another entry of the stream, whichever process has that one: an event for the one
 * before it with the same key, a message for an earlier copy of itself.
 */
export class TurnKeeper {
  private readonly logger = new Logger(TurnKeeper.name);
  private readonly waiting = new Map<string, Set<(ended: boolean) => void>>();
  private readonly looking: RepeatingTask;
  private closed = false;

  constructor(
    private readonly group: ConsumerGroup,
    private readonly work: WorkInHand,
  ) {
    this.looking = new RepeatingTask(
      LOOK_EVERY_MS,
      () => this.look(),
      (error) => this.report(error),
    );
  }

  start(): void {
    this.looking.start();
  }

  /**
   * Resolves when the awaited entry was acknowledged, put aside, or is gone.
   *
   * @param id the entry that waits, parked meanwhile
   * @returns false when this consumer stops first
   */
  async afterEnd(awaited: string, id: string): Promise<boolean> {
    if (!this.work.has(awaited) && (await this.group.stillPending([awaited])).length === 0) return true;
    if (this.closed) return false;
    this.work.park(id, awaited);
    const ended = await new Promise<boolean>((resolve) => {
      const others = this.waiting.get(awaited);
      if (others === undefined) this.waiting.set(awaited, new Set([resolve]));
      else others.add(resolve);
    });
    await this.work.resume(id);
    return ended;
  }

  /** Tells that an entry was acknowledged or put aside by this process. */
  ended(id: string): void {
    this.release(id, true);
  }

  /** Nothing waits any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.looking.stop();
    for (const awaited of [...this.waiting.keys()]) this.release(awaited, false);
  }

  private async look(): Promise<void> {
    const awaited = [...this.waiting.keys()];
    if (awaited.length === 0) return;
    const pending = new Set(await this.group.stillPending(awaited));
    for (const id of awaited) if (!pending.has(id)) this.release(id, true);
  }

  private release(awaited: string, ended: boolean): void {
    const resolvers = this.waiting.get(awaited);
    this.waiting.delete(awaited);
    for (const resolve of resolvers ?? []) resolve(ended);
  }

  private report(error: unknown): void {
    // The group is made anew by the reader, and begins with the oldest entry: what waited is delivered again.
    if (isGroupGone(error)) for (const awaited of [...this.waiting.keys()]) this.release(awaited, false);
    else if (!isRedisUnavailable(error)) this.logger.error({ err: error }, 'Could not see whose turn it is');
  }
}
