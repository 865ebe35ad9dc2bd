import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import { DatabaseConnection, isDatabaseUnavailable } from '@gatehouse/database';
import { BroadcastReceiver } from '@gatehouse/redis-transport';
import { StartGate } from '@gatehouse/service-bootstrap';
import { SigningKeyAnnouncer } from './signing-key.announcer.js';
import { SigningKeyManager } from './signing-key.manager.js';

const EVERY_MS = 5_000;

/**
 * Keeps the signing keys current in this replica: every five seconds, and at once when another replica has changed them.
 * What is due is done on the way.
 */
@Injectable()
export class SigningKeysScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SigningKeysScheduler.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private said: string | undefined;
  private ready: () => void = () => undefined;

  constructor(
    private readonly keys: SigningKeyManager,
    private readonly announcer: SigningKeyAnnouncer,
    private readonly receiver: BroadcastReceiver<AuthBroadcasts>,
    private readonly database: DatabaseConnection,
    private readonly gate: StartGate,
  ) {}

  onApplicationBootstrap(): void {
    this.gate.hold('signing keys', new Promise<void>((resolve) => (this.ready = resolve)));
    const refresh = () => this.refresh();
    this.receiver.subscribe('auth.keys-changed', { apply: refresh, reload: refresh });
    this.database.whenReady().then(
      () => this.run(),
      () => undefined,
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private run(): void {
    this.running = this.refresh()
      .then(() => this.announcer.announce())
      .finally(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.run(), EVERY_MS).unref();
      });
  }

  private async refresh(): Promise<void> {
    if (this.stopped || !this.database.isReady) return;
    try {
      await this.keys.refresh();
      await this.keys.active();
      this.said = undefined;
      this.ready();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!isDatabaseUnavailable(error) && reason !== this.said)
        this.logger.error({ err: error }, 'The signing keys cannot be used');
      this.said = reason;
    }
  }
}
