import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { DataSource } from 'typeorm';
import { ProviderHealthEnvironment } from './provider-health.environment.js';
import { ProviderKeyEntity } from './provider-keys/provider-key.entity.js';
import { ProviderKeyRepository } from './provider-keys/provider-key.repository.js';
import { ProviderKeyResealer } from './provider-keys/provider-key.resealer.js';

const { databaseUrl: url, encryptionKeys } = readOrExit(() => ProviderHealthEnvironment.read());
const applicationName = 'provider-health-service:rotate-keys';
const dataSource = new DataSource({
  ...{
    type: 'postgres',
    url,
    applicationName,
    entities: [ProviderKeyEntity],
    poolSize: 2,
    installExtensions: false,
  },
});
await dataSource.initialize();
const resealer = new ProviderKeyResealer(new ProviderKeyRepository(dataSource));
const { resealed, current, changed, unreadable } = await resealer.resealAll(encryptionKeys);
await dataSource.destroy();
process.stdout.write(
  `API keys of providers: ${resealed} resealed, ${current} current, ${changed} changed meanwhile, ${unreadable} unreadable\n`,
);
if (unreadable > 0) process.exitCode = 1;
