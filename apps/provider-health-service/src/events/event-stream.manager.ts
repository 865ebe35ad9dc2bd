import type { Readable } from 'node:stream';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { startingPoint, writeEventId } from './event-id.js';
import { TooManyEventStreamsError } from './events.errors.js';
import { pacedStream } from './paced-stream.js';
import { HEARTBEAT, serverSentEvent } from './server-sent-event.js';
import { StatusChangeFeed } from './status-change.feed.js';

/** Of one replica. */
export const MOST_STREAMS = 500;
const HEARTBEAT_MS = 15_000;
const SLOW_MS = 30_000;

/** Changes of status for readers that stay, each in its own pace, going on where they were. */
@Injectable()
export class EventStreamManager implements OnModuleDestroy {
  private readonly logger = new Logger(EventStreamManager.name);
  private readonly open = new Set<AbortController>();

  constructor(private readonly feed: StatusChangeFeed) {}

  /** Readers come again, to another replica. */
  onModuleDestroy(): void {
    for (const ending of this.open) ending.abort();
  }

  /**
   * @param access ends the stream
   * @throws TooManyEventStreamsError (503)
   */
  async stream(lastEventId: string | undefined, access: AbortSignal): Promise<Readable> {
    if (this.open.size >= MOST_STREAMS) throw new TooManyEventStreamsError();
    const ending = new AbortController();
    this.open.add(ending);
    try {
      const { epoch, last } = await this.feed.position();
      const start = startingPoint(lastEventId, { epoch, last });
      const texts = this.texts(epoch, start, AbortSignal.any([ending.signal, access]));
      const stream = pacedStream(texts, { slowMs: SLOW_MS, ended: () => this.ended(ending) });
      stream.once('error', (error) => this.logger.warn({ err: error }, 'A stream of events broke off'));
      return stream;
    } catch (error) {
      this.ended(ending);
      throw error;
    }
  }

  private ended(ending: AbortController): void {
    this.open.delete(ending);
    ending.abort();
  }

  private async *texts(epoch: string, start: ReturnType<typeof startingPoint>, signal: AbortSignal) {
    let { sequence } = start;
    yield serverSentEvent({ id: writeEventId({ epoch, sequence }), event: start.event, data: {} });
    while (!signal.aborted) {
      const { changes, next } = await this.feed.after(sequence);
      for (const { sequence, change } of changes)
        yield serverSentEvent({
          id: writeEventId({ epoch, sequence }),
          event: 'status-changed',
          data: change,
        });
      sequence = next;
      if (changes.length > 0) continue;
      const waiting = AbortSignal.any([signal, AbortSignal.timeout(HEARTBEAT_MS)]);
      await this.feed.beyond(sequence, waiting).catch(() => {});
      if (waiting.aborted && !signal.aborted) yield HEARTBEAT;
    }
  }
}
