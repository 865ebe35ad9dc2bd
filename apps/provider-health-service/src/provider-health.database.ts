import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { TransitionEntity } from './events/transition.entity.js';
import { CreateOverrides1764500000000 } from './migrations/create-overrides.migration.js';
import { CreateHealthChecks1764400000001 } from './migrations/create-health-checks.migration.js';
import { IncidentEntity } from './incidents/incident.entity.js';
import { CreateIncidents1764300000001 } from './migrations/create-incidents.migration.js';
import { CreateProviders1764000000000 } from './migrations/create-providers.migration.js';
import { CreateProviderKeys1764100000001 } from './migrations/create-provider-keys.migration.js';
import { CreateStatistics1764200000000 } from './migrations/create-statistics.migration.js';
import { CreateWebhooks1764610000000 } from './migrations/create-webhooks.migration.js';
import { MarkEntity } from './marks/mark.entity.js';
import { CreateMarks1764620000000 } from './migrations/create-marks.migration.js';
import { AddAfterVersion1764630000000 } from './migrations/add-after-version.migration.js';
import { OverrideEntity } from './overrides/override.entity.js';
import { NumberTransitions1764300000002 } from './migrations/number-transitions.migration.js';
import type { ProviderHealthEnvironment } from './provider-health.environment.js';
import { ProviderKeyEntity } from './provider-keys/provider-key.entity.js';
import { Provider } from './providers/provider.entity.js';
import { WebhookDeliveryEntity } from './webhooks/webhook-delivery.entity.js';
import { WebhookSecretEntity } from './webhooks/webhook-secret.entity.js';
import { WebhookEntity } from './webhooks/webhook.entity.js';

/** Where provider-health-service keeps what must not be lost, and what is in it. */
export const providerHealthDatabase = (environment: ProviderHealthEnvironment) => ({
  url: environment.databaseUrl,
  applicationName: 'provider-health-service',
  entities: [
    ...[IncidentEntity, OutboxMessage, OverrideEntity, Provider, ProviderKeyEntity, TransitionEntity],
    ...[MarkEntity, WebhookDeliveryEntity, WebhookEntity, WebhookSecretEntity],
  ],
  migrations: [
    ...[CreateOutbox1700000000000, CreateProviders1764000000000, CreateProviderKeys1764100000001],
    ...[CreateStatistics1764200000000, CreateIncidents1764300000001, NumberTransitions1764300000002],
    ...[CreateOverrides1764500000000, CreateHealthChecks1764400000001],
    ...[CreateWebhooks1764610000000, CreateMarks1764620000000, AddAfterVersion1764630000000],
  ],
});
