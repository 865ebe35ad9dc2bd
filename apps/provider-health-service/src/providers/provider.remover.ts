import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HealthManager } from '../health-tracking/health.manager.js';
import { IncidentCloser } from './incident.closer.js';
import { ProviderRepository } from './provider.repository.js';
import type { Editor } from '../trails/editor.js';
import { EditorTrail } from '../trails/editor.trail.js';
import { UnknownProviderError } from './providers.errors.js';

/** Deletes providers. */
@Injectable()
export class ProviderRemover {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ProviderRepository,
    private readonly incidents: IncidentCloser,
    private readonly trail: EditorTrail,
    private readonly health: HealthManager,
  ) {}

  /**
   * Its key, its override and its statistics go with it, and its open incident ends; its history and the trail stay.
   *
   * @throws UnknownProviderError
   */
  async delete(name: string, editor: Editor): Promise<void> {
    await this.health.whenRecorded(name);
    await this.dataSource.transaction(async (manager) => {
      const provider = await this.providers.lock(manager, name);
      if (provider === null) throw new UnknownProviderError(name);
      await this.providers.remove(manager, name);
      const ended = await this.incidents.close(manager, provider);
      const details = ended && { incidentEnded: ended.id };
      await this.trail.tell(manager, { type: 'provider', id: name }, editor, {
        action: 'provider.deleted',
        details,
      });
    });
    await this.health.forget(name);
  }
}
