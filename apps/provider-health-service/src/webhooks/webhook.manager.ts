import { Injectable } from '@nestjs/common';
import { ValidationFailedError } from '@gatehouse/problem-details';
import type {
  CreatedWebhook,
  CreateWebhookBody,
  RotatedWebhookSecret,
  UpdateWebhookBody,
  WebhookAnswer,
} from '@gatehouse/provider-health-contracts';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ProviderHealthEnvironment } from '../provider-health.environment.js';
import { changedFields } from '../providers/provider-change.js';
import type { Editor } from '../trails/editor.js';
import { EditorTrail } from '../trails/editor.trail.js';
import { toWebhookAnswer } from './webhook-answer.js';
import { WebhookSecretVault } from './webhook-secret.vault.js';
import { webhookUrlProblems } from './webhook-url.js';
import { WebhookRepository } from './webhook.repository.js';
import { TooManyWebhooksError, UnknownWebhookError } from './webhooks.errors.js';

/** Each transition looks at all of them. */
const MOST_WEBHOOKS = 200;

/** Adds, changes and deletes webhooks, each with its audit event in one transaction. */
@Injectable()
export class WebhookManager {
  constructor(
    private readonly environment: ProviderHealthEnvironment,
    private readonly dataSource: DataSource,
    private readonly webhooks: WebhookRepository,
    private readonly vault: WebhookSecretVault,
    private readonly trail: EditorTrail,
  ) {}

  /** @throws TooManyWebhooksError @throws ValidationFailedError when the URL is of an own network */
  async create(body: CreateWebhookBody, editor: Editor): Promise<CreatedWebhook> {
    this.demandSoundUrl(body.url);
    const id = uuidv7();
    return this.dataSource.transaction(async (manager) => {
      if ((await this.webhooks.countToAdd(manager)) >= MOST_WEBHOOKS) throw new TooManyWebhooksError();
      const disabledBy = body.enabled ? null : ('operator' as const);
      const webhook = await this.webhooks.insert(manager, { ...body, id, disabledBy });
      const secret = await this.vault.make(manager, id);
      const { origin } = new URL(body.url);
      await this.tell(manager, id, editor, { action: 'webhook.created', details: { origin } });
      return { ...toWebhookAnswer(webhook), secret };
    });
  }

  /** What is left out stays. A change that makes no difference leaves no event. @throws UnknownWebhookError */
  async update(id: string, change: UpdateWebhookBody, editor: Editor): Promise<WebhookAnswer> {
    if (change.url !== undefined) this.demandSoundUrl(change.url);
    return this.dataSource.transaction(async (manager) => {
      const before = await this.webhooks.lock(manager, id);
      if (before === null) throw new UnknownWebhookError(id);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const after = { ...before, ...given };
      if (after.enabled) after.disabledBy = null;
      else if (before.enabled) after.disabledBy = 'operator';
      const changed = changedFields(before, after).filter((field) => field !== 'disabledBy');
      if (changed.length === 0) return toWebhookAnswer(before);
      const details = {
        changed,
        ...(after.url !== before.url && { origin: new URL(after.url).origin }),
        ...(after.enabled !== before.enabled && { enabled: after.enabled }),
      };
      await this.tell(manager, id, editor, { action: 'webhook.changed', details });
      await this.webhooks.update(manager, after);
      return toWebhookAnswer(after);
    });
  }

  /** With what waits for it and its log of deliveries. @throws UnknownWebhookError */
  async delete(id: string, editor: Editor): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.webhooks.remove(manager, id))) throw new UnknownWebhookError(id);
      await this.tell(manager, id, editor, { action: 'webhook.deleted' });
    });
  }

  /** Makes a new secret; the one before signs too for a day. @throws UnknownWebhookError */
  async rotateSecret(id: string, editor: Editor): Promise<RotatedWebhookSecret> {
    return this.dataSource.transaction(async (manager) => {
      if ((await this.webhooks.lock(manager, id)) === null) throw new UnknownWebhookError(id);
      const { secret, previousUntil } = await this.vault.rotate(manager, id);
      const details = { previousUntil: previousUntil.toISOString() };
      await this.tell(manager, id, editor, { action: 'webhook.secret-rotated', details });
      return { secret, ...details };
    });
  }

  private demandSoundUrl(url: string): void {
    const allowPrivate = this.environment.variables.HEALTH_CHECK_ALLOW_PRIVATE;
    const problems = webhookUrlProblems(url, { allowPrivate });
    if (problems.length > 0) throw new ValidationFailedError(problems);
  }

  private tell(
    manager: EntityManager,
    id: string,
    editor: Editor,
    what: { action: string; details?: Record<string, unknown> },
  ): Promise<void> {
    return this.trail.tell(manager, { type: 'webhook', id }, editor, what);
  }
}
