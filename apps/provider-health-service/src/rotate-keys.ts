import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { DataSource } from 'typeorm';
import { ProviderHealthEnvironment } from './provider-health.environment.js';
import { ProviderKeyEntity } from './provider-keys/provider-key.entity.js';
import { ProviderKeyRepository } from './provider-keys/provider-key.repository.js';
import { ProviderKeyResealer } from './provider-keys/provider-key.resealer.js';
import { WebhookSecretEntity } from './webhooks/webhook-secret.entity.js';
import { WebhookSecretRepository } from './webhooks/webhook-secret.repository.js';
import { WebhookSecretResealer } from './webhooks/webhook-secret.resealer.js';

const { databaseUrl: url, encryptionKeys } = readOrExit(() => ProviderHealthEnvironment.read());
const applicationName = 'provider-health-service:rotate-keys';
const dataSource = new DataSource({
  ...{
    type: 'postgres',
    url,
    applicationName,
    entities: [ProviderKeyEntity, WebhookSecretEntity],
    poolSize: 2,
    installExtensions: false,
  },
});
await dataSource.initialize();
const counts = {
  'API keys of providers': await new ProviderKeyResealer(new ProviderKeyRepository(dataSource)).resealAll(
    encryptionKeys,
  ),
  'Secrets of webhooks': await new WebhookSecretResealer(new WebhookSecretRepository(dataSource)).resealAll(
    encryptionKeys,
  ),
};
await dataSource.destroy();
for (const [what, { resealed, current, changed, unreadable }] of Object.entries(counts))
  process.stdout.write(
    `${what}: ${resealed} resealed, ${current} current, ${changed} changed meanwhile, ${unreadable} unreadable\n`,
  );
if (Object.values(counts).some(({ unreadable }) => unreadable > 0)) process.exitCode = 1;
