import { Injectable, Logger } from '@nestjs/common';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import { Broadcaster } from '@gatehouse/redis-transport';
import { SigningKeyRepository } from './signing-key.repository.js';

/** Tells every verifier that the keys have changed, again and again until it is told. */
@Injectable()
export class SigningKeyAnnouncer {
  private readonly logger = new Logger(SigningKeyAnnouncer.name);

  constructor(
    private readonly keys: SigningKeyRepository,
    private readonly broadcaster: Broadcaster<AuthBroadcasts>,
  ) {}

  /** Tells of the changes that nobody has been told of, if there are any. What fails is tried again by the next call. */
  async announce(): Promise<void> {
    try {
      const changes = await this.keys.unannounced();
      if (changes === undefined) return;
      await this.broadcaster.publish('auth.keys-changed', {});
      await this.keys.noteAnnounced(changes);
    } catch (error) {
      this.logger.debug({ err: error }, 'The change of the signing keys could not be told yet');
    }
  }
}
