import { Injectable, Logger } from '@nestjs/common';
import { HealthManager } from '../health-tracking/health.manager.js';
import type { KeyReading } from '../provider-keys/key-reading.js';
import { ReadableKeyRepository } from './readable-key.repository.js';
import { UnreadableKeysMetrics } from './unreadable-keys.metrics.js';

/**
 * Makes a provider whose key nobody can open misconfigured, and one whose key can be opened again what it was. What another
 * replica can open is not misconfigured.
 */
@Injectable()
export class UnreadableKeyRecorder {
  private readonly logger = new Logger(UnreadableKeyRecorder.name);
  /** What this process has said of which provider: the id of the key that it could not open. */
  private readonly said = new Map<string, string>();

  constructor(
    private readonly health: HealthManager,
    private readonly readable: ReadableKeyRepository,
    private readonly metrics: UnreadableKeysMetrics,
  ) {}

  /** Notes of providers whether their keys can be opened; one without a key is as one whose key can. */
  async record(names: readonly string[], readings: ReadonlyMap<string, KeyReading>): Promise<void> {
    const keys = names.flatMap((name) => readings.get(name) ?? []);
    await this.readable.note(keys.filter(({ readable }) => readable).map(({ keyId }) => keyId));
    const { providers } = await this.health.findAll(names);
    for (const [index, name] of names.entries()) {
      const isMarked = providers[index]?.health.misconfigured === 'key';
      const reading = readings.get(name);
      if (reading?.readable === false) await this.recordUnreadable(name, reading.keyId);
      else await this.recordReadable(name, isMarked);
    }
  }

  /** It says so once for each key, whether Redis can be told or not. */
  async recordUnreadable(name: string, keyId: string): Promise<void> {
    if (this.said.get(name) !== keyId)
      this.logger.error(
        { provider: name, keyId },
        'The API key of a provider cannot be opened: no secret of ENCRYPTION_KEY does, or its row was changed',
      );
    this.said.set(name, keyId);
    this.metrics.set(this.said.size);
    if (!(await this.readable.has(keyId))) await this.health.markKeyUnreadable(name);
  }

  private async recordReadable(name: string, isMarked: boolean): Promise<void> {
    if (this.said.delete(name)) this.metrics.set(this.said.size);
    if (!isMarked) return;
    await this.health.markKeyReadable(name);
    this.logger.log({ provider: name }, 'The API key of a provider can be opened again, or is gone');
  }
}
