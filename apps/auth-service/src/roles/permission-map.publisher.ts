import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import { DatabaseConnection } from '@gatehouse/database';
import { Broadcaster } from '@gatehouse/redis-transport';
import { PermissionMapRepository } from './permission-map.repository.js';
import { PermissionMapSigner } from './permission-map.signer.js';

const EVERY_MS = 1_000;

/** Tells every verifier of a new permission map, again and again until it is told. */
@Injectable()
export class PermissionMapPublisher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PermissionMapPublisher.name);
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly maps: PermissionMapRepository,
    private readonly signer: PermissionMapSigner,
    private readonly broadcaster: Broadcaster<AuthBroadcasts>,
    private readonly database: DatabaseConnection,
  ) {}

  onApplicationBootstrap(): void {
    const tell = () => {
      this.running = this.announce();
    };
    void this.database.whenReady().then(() => {
      this.timer ??= setInterval(tell, EVERY_MS).unref();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** The map as it is now, signed now: verifiers take no older one. */
  async document(nonce?: string): Promise<string> {
    return this.signer.sign(await this.maps.read(), nonce);
  }

  /** Tells of a change that nobody has been told of. What fails is tried again within a second. */
  async announce(): Promise<void> {
    try {
      if (await this.maps.isAnnounced()) return;
      const map = await this.maps.read();
      await this.broadcaster.publish('auth.roles-changed', { document: await this.signer.sign(map) });
      await this.maps.noteAnnounced(map.version);
    } catch (error) {
      this.logger.debug({ err: error }, 'The change of the roles could not be told yet');
    }
  }
}
