import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { WebhookSecretEntity } from './webhook-secret.entity.js';

/** So many secrets sign at most while they are replaced. */
const MOST_SIGNING = 3;

@Injectable()
export class WebhookSecretRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that sign now, the newest first, by the clock of PostgreSQL. */
  signing(webhook: string): Promise<Pick<WebhookSecretEntity, 'id' | 'webhook' | 'sealed'>[]> {
    return this.dataSource.query(
      `SELECT id, webhook, sealed FROM webhook_secret
        WHERE webhook = $1 AND (expires_at IS NULL OR expires_at > now()) ORDER BY id DESC`,
      [webhook],
    );
  }

  async add(
    manager: EntityManager,
    secret: Pick<WebhookSecretEntity, 'id' | 'webhook' | 'sealed'>,
  ): Promise<void> {
    await manager.insert(WebhookSecretEntity, { ...secret, expiresAt: null });
  }

  /**
   * The present secret signs for so long more; what is over is removed, and of the others the oldest when there are too many.
   * The caller has locked the webhook.
   *
   * @returns until when it signs
   */
  async retire(manager: EntityManager, webhook: string, seconds: number): Promise<Date> {
    const present = { webhook, expiresAt: IsNull() };
    const inTime = () => `now() + interval '1 second' * ${Math.round(seconds)}`;
    await manager.update(WebhookSecretEntity, present, { expiresAt: inTime });
    const secrets = await manager.query<{ id: string; until: Date; over: boolean }[]>(
      `SELECT id, expires_at AS until, expires_at <= now() AS over FROM webhook_secret
        WHERE webhook = $1 ORDER BY id DESC`,
      [webhook],
    );
    const gone = secrets.filter(({ over }, place) => over || place >= MOST_SIGNING - 1);
    if (gone.length > 0)
      await manager.delete(
        WebhookSecretEntity,
        gone.map(({ id }) => id),
      );
    const [last] = secrets;
    if (last === undefined) throw new Error('The webhook has no secret');
    return last.until;
  }

  /** In the order of their ids, after `after`. */
  page(after: string, limit: number): Promise<WebhookSecretEntity[]> {
    return this.dataSource.getRepository(WebhookSecretEntity).find({
      where: after === '' ? {} : { id: MoreThan(after) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** Seals the same secret anew, unless it is another by now. @returns whether it did */
  async replaceSeal(id: string, sealed: string, by: string): Promise<boolean> {
    const secrets = this.dataSource.getRepository(WebhookSecretEntity);
    return (await secrets.update({ id, sealed }, { sealed: by })).affected === 1;
  }
}
