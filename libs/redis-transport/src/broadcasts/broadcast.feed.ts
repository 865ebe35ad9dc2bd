import { isRedisUnavailable } from '@gatehouse/redis';
import { Logger } from '@nestjs/common';
import {
  type Broadcast,
  type BroadcastPosition,
  type BroadcastTail,
  catchUp,
  follows,
  isKnown,
  positionOf,
} from './broadcast-position.js';
import type { MessageHeaders } from '../messages/message-headers.js';
import { RepeatingTask } from '../repeating.task.js';
import { ServerTime } from '../server-time.js';

/** No more broadcasts wait for their turn than this: what comes on top is read from the tail later. */
const MOST_WAITING = 10_000;

/** What a receiver does with the broadcasts of a pattern. Neither is called while the other runs. */
export interface BroadcastHandler<T> {
  /** Applies one broadcast, in sequence. An error leads to a reload. */
  apply(payload: T, headers: MessageHeaders): void | Promise<void>;
  /**
   * Loads everything anew, because broadcasts were missed: at the start, after a long cut, when Redis lost data. What
   * is broadcast while it runs may be in it already and is applied after it all the same.
   */
  reload(): void | Promise<void>;
}

/** The broadcasts of one pattern, as this process receives them. */
export class BroadcastFeed<T = unknown> {
  private readonly logger = new Logger(BroadcastFeed.name);
  private readonly checking: RepeatingTask;
  /** The clock of Redis, told with each check. */
  readonly time = new ServerTime();
  private position: BroadcastPosition | undefined;
  private currentSince = Number.NEGATIVE_INFINITY;
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;

  /**
   * @param read reads the tail from a sequence on
   * @param checkMs how often it asks how far it should be
   */
  constructor(
    readonly pattern: string,
    private readonly handler: BroadcastHandler<T>,
    private readonly read: (from: number) => Promise<BroadcastTail>,
    checkMs: number,
    private readonly monotonicNow: () => number = () => performance.now(),
  ) {
    this.checking = new RepeatingTask(
      checkMs,
      () => this.synchronise(),
      () => undefined,
    );
  }

  /** How long ago, in milliseconds, it was certain that nothing was missed; `Infinity` before the first time. */
  ageMs(): number {
    return this.monotonicNow() - this.currentSince;
  }

  /** The last broadcast that was applied; undefined before the first load. */
  get sequence(): number | undefined {
    return this.position?.sequence;
  }

  get generation(): string | undefined {
    return this.position?.generation;
  }

  start(): void {
    this.checking.start();
    void this.synchronise();
  }

  async stop(): Promise<void> {
    await this.checking.stop();
    await this.turn;
  }

  /** One broadcast as it was published; one that does not join on makes it ask for what lies between. */
  receive(broadcast: Broadcast): void {
    if (this.waiting >= MOST_WAITING) return;
    this.waiting++;
    void this.inTurn(async () => {
      this.waiting--;
      if (this.position === undefined || isKnown(broadcast, this.position)) return;
      if (follows(broadcast, this.position)) await this.apply(broadcast);
      else await this.catchUp();
    });
  }

  /** Asks how far it should be, and catches up. An error is logged, and seen by the age. */
  synchronise(): Promise<void> {
    return this.inTurn(() => this.catchUp());
  }

  /** Loads everything anew; what is known stays until then, and its age with it. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.reload());
  }

  /** Forgets that anything is known: it is loaded anew, and of infinite age until then. */
  restart(): Promise<void> {
    return this.inTurn(() => {
      this.position = undefined;
      this.currentSince = Number.NEGATIVE_INFINITY;
      return this.catchUp();
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work).catch((error: unknown) => {
      if (!isRedisUnavailable(error))
        this.logger.error({ err: error }, `${this.pattern} could not be followed`);
    });
    return this.turn;
  }

  private async catchUp(): Promise<void> {
    const askedAt = this.monotonicNow();
    const tail = await this.ask(this.position?.sequence ?? 0);
    const step = this.position === undefined ? ({ kind: 'reload' } as const) : catchUp(this.position, tail);
    if (step.kind === 'reload') return this.reload();
    for (const broadcast of step.missed) await this.apply(broadcast);
    // A tail longer than one read: the next turn goes on from here.
    if (this.position?.sequence === tail.sequence) this.currentSince = askedAt;
    else if (step.missed.length > 0) void this.synchronise();
  }

  private async ask(from: number): Promise<BroadcastTail> {
    const tail = await this.read(from);
    this.time.tell(tail.time);
    return tail;
  }

  private async apply(broadcast: Broadcast): Promise<void> {
    try {
      await this.handler.apply(broadcast.data as T, broadcast.headers);
      this.position = positionOf(broadcast);
    } catch (error) {
      // Nothing is known of the state now: the next turn loads it anew.
      this.position = undefined;
      void this.synchronise();
      throw error;
    }
  }

  private async reload(): Promise<void> {
    this.position = undefined;
    const askedAt = this.monotonicNow();
    const { generation, sequence } = await this.ask(Number.MAX_SAFE_INTEGER);
    const [last] = sequence === 0 ? [] : (await this.ask(sequence)).broadcasts;
    await this.handler.reload();
    this.position = last === undefined ? { generation, sequence } : positionOf(last);
    this.currentSince = askedAt;
  }
}
