import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { parseReplies, type Reply } from './reply.js';
import { TransportConnections } from '../transport.connections.js';

const FIRST_WAIT_MS = 2_000;

interface ReplyListener {
  onReply(reply: Reply): void;
  /** The connection broke: replies that were due may be lost. */
  onLost(): void;
}

/** The process's own channel, on which every answer to it arrives. */
@Injectable()
export class ReplyChannel implements OnApplicationShutdown {
  readonly name: string;
  private listener: ReplyListener | undefined;
  private subscribed = false;
  private everLost = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly connections: TransportConnections) {
    this.name = connections.keys.replies(uuidv7());
    const { subscriber } = connections;
    subscriber.on('message', (channel: string, text: string) => this.receive(channel, text));
    subscriber.on('ready', () => this.subscribe());
    subscriber.on('close', () => this.lose());
    if (subscriber.status === 'ready') this.subscribe();
  }

  listen(listener: ReplyListener): void {
    this.listener = listener;
  }

  /**
   * Resolves when a reply would arrive. Waits a moment while the first connection is being made.
   *
   * @throws DependencyUnavailableError at once when Redis is away
   */
  async whenSubscribed(): Promise<void> {
    if (!this.subscribed && !this.everLost) await this.firstSubscription();
    if (!this.subscribed) throw new DependencyUnavailableError('Redis');
  }

  onApplicationShutdown(): void {
    this.lose();
  }

  private firstSubscription(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, FIRST_WAIT_MS);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private subscribe(): void {
    this.connections.subscriber.subscribe(this.name).then(
      () => {
        this.subscribed = true;
        this.wake();
      },
      // The connection broke again: its end is told by `close`, and the next `ready` subscribes.
      () => undefined,
    );
  }

  private receive(channel: string, text: string): void {
    if (channel !== this.name) return;
    for (const reply of parseReplies(text)) this.listener?.onReply(reply);
  }

  private lose(): void {
    this.everLost = true;
    this.subscribed = false;
    this.wake();
    this.listener?.onLost();
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resume of waiting) resume();
  }
}
