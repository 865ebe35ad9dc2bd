import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseConnection, retryDelayMs } from '@gatehouse/database';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import { OUTBOX_CHANNEL } from './outbox.js';
import { DestinationAwayError, type OutboxDestination, type OutboxVerdict } from './outbox-destination.js';
import { OutboxBell } from './outbox.bell.js';
import { OutboxStore } from './outbox.store.js';
import { RelayAlarm } from './relay.alarm.js';
import { shipTopic } from './shipment.js';

const POLL_MS = 2_000;
const TAKE_OVER_POLL_MS = 500;
const FLUSH_MS = 5_000;

export interface OutboxRelayStatus {
  /** Whether this process is the relay of its service now. */
  leads: boolean;
  /** Messages that their destinations accepted and refused, since the start of this process. */
  accepted: number;
  refused: number;
  /** Why not everything could be delivered; undefined when it could. */
  trouble?: string;
}

/**
 * Ships the outbox of a service. Of its replicas one relays at a time (a session lock on a connection of its own);
 * when that one dies another takes over. Correctness does not depend on it: a second relay would give no number
 * twice, and deliver twice only what the destination recognises.
 *
 * Nothing that goes wrong here ends the service: it is said once and tried again.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly destinations = new Map<string, OutboxDestination>();
  private readonly alarm = new RelayAlarm();
  private readonly stop = new AbortController();
  private readonly stopped = new Promise<void>((resolve) => {
    this.stop.signal.addEventListener('abort', () => resolve());
  });
  private readonly state: OutboxRelayStatus = { leads: false, accepted: 0, refused: 0 };
  private running?: Promise<void>;
  private client?: Client;

  constructor(
    private readonly database: DatabaseConnection,
    bell: OutboxBell,
  ) {
    bell.wakes(() => {
      if (this.state.leads) this.alarm.ring();
      return this.state.leads;
    });
  }

  /** Says who takes the messages of a topic; to be called before the application has started. */
  register(destination: OutboxDestination): void {
    this.destinations.set(destination.topic, destination);
  }

  get status(): Readonly<OutboxRelayStatus> {
    return { ...this.state };
  }

  onApplicationBootstrap(): void {
    if (this.destinations.size > 0) this.running = this.run();
  }

  /** Ships what is there, for five seconds at most; what is left stays in the table for the next relay. */
  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.alarm.ring();
    await Promise.race([this.running, sleep(FLUSH_MS, undefined, { ref: false })]);
    await this.client?.end().catch(() => {});
  }

  private async run(): Promise<void> {
    for (let attempt = 0; !this.stop.signal.aborted; attempt++) {
      try {
        await this.relay();
        attempt = 0;
      } catch (error) {
        this.state.leads = false;
        this.report(error);
        await this.pause(retryDelayMs(attempt, Math.random()));
      }
    }
  }

  /** Waits for its turn, and then ships until the shutdown. @throws when the connection is lost */
  private async relay(): Promise<void> {
    await Promise.race([this.database.whenReady(), this.stopped]);
    if (this.stop.signal.aborted) return;
    const client = await this.database.openClient('outbox');
    this.client = client;
    try {
      const store = new OutboxStore(client);
      while (!(await store.lead())) {
        await this.pause(TAKE_OVER_POLL_MS);
        if (this.stop.signal.aborted) return;
      }
      this.state.leads = true;
      client.on('notification', () => this.alarm.ring()).on('end', () => this.alarm.ring());
      await client.query(`LISTEN ${OUTBOX_CHANNEL}`);
      await this.shipUntilStopped(store);
    } finally {
      this.state.leads = false;
      // Also gives up the lock, so that another replica takes over at once.
      await client.end().catch(() => {});
    }
  }

  private async shipUntilStopped(store: OutboxStore): Promise<void> {
    for (let failures = 0; ;) {
      const flushes = this.stop.signal.aborted;
      failures = (await this.shipAll(store)) ? 0 : failures + 1;
      if (flushes) return;
      if (failures === 0) await this.alarm.wait(POLL_MS);
      // A message that comes meanwhile does not shorten the wait for a destination that is away.
      else await this.pause(retryDelayMs(failures, Math.random()));
    }
  }

  /** @returns whether all that is there was delivered */
  private async shipAll(store: OutboxStore): Promise<boolean> {
    let trouble: unknown;
    for (const destination of this.destinations.values()) {
      try {
        const unanswered = await shipTopic(store, destination, (verdict) =>
          this.settled(destination, verdict),
        );
        if (unanswered > 0)
          trouble = `${destination.topic} did not say what became of ${unanswered} messages`;
      } catch (error) {
        if (!(error instanceof DestinationAwayError)) throw error;
        trouble = error;
      }
    }
    this.report(trouble);
    return trouble === undefined;
  }

  private settled(destination: OutboxDestination, verdict: OutboxVerdict): void {
    if (verdict.accepted) this.state.accepted++;
    else {
      this.state.refused++;
      this.logger.error(
        `${destination.topic} refused message ${verdict.id}, kept in outbox_rejected: ${verdict.reason}`,
      );
    }
  }

  /** Says a trouble once, and when it is over. */
  private report(trouble: unknown): void {
    const reason = trouble instanceof Error ? trouble.message : (trouble as string | undefined);
    if (reason === this.state.trouble) return;
    if (reason === undefined) this.logger.log('The outbox is delivered again');
    else this.logger.warn(`The outbox waits, trying again until it is delivered: ${reason}`);
    this.state.trouble = reason;
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stop.signal }).catch(() => {});
  }
}
