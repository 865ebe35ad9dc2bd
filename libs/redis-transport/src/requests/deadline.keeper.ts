import { type RedisConnection, serverOf } from '@gatehouse/redis';
import { ServerTime, toMilliseconds } from '../server-time.js';

/** So long the monotonic clock is reckoned on with; it goes wrong by milliseconds at most in it. */
const TOLD_WITHIN_MS = 10_000;

/**
 * Tells by the clock of Redis whether a deadline has passed. It is reckoned on by a clock that nobody sets and asked once
 * in ten seconds; and again before anything is taken for late, so that nothing is lost by a wrong reckoning.
 */
export class DeadlineKeeper {
  private readonly time = new ServerTime();
  private asked: Promise<number> | undefined;

  constructor(
    private readonly redis: RedisConnection,
    private readonly stream: string,
  ) {}

  /** @param deadline in milliseconds since 1970 by the clock of the server that has the stream */
  async hasPassed(deadline: number): Promise<boolean> {
    const now = this.time.certain(TOLD_WITHIN_MS);
    return (now === undefined || now >= deadline) && (await this.ask()) >= deadline;
  }

  /** One question for all that wait for its answer. */
  private ask(): Promise<number> {
    this.asked ??= this.askServer().finally(() => (this.asked = undefined));
    return this.asked;
  }

  private async askServer(): Promise<number> {
    const askedAt = this.time.read();
    const server = serverOf(this.redis, this.stream) ?? this.redis;
    const now = toMilliseconds((await server.time()) as unknown as [string, string]);
    // Never early: what it does not take for late is not.
    this.time.tell(now, askedAt);
    return now;
  }
}
