import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { DataSource } from 'typeorm';
import { AuthEnvironment } from './auth.environment.js';
import { SigningKeyEntity } from './signing-keys/signing-key.entity.js';
import { SigningKeyRepository } from './signing-keys/signing-key.repository.js';
import { SigningKeyResealer } from './signing-keys/signing-key.resealer.js';

const { databaseUrl: url, encryptionKeys } = readOrExit(() => AuthEnvironment.read());
const applicationName = 'auth-service:rotate-keys';
const dataSource = new DataSource({
  ...{
    type: 'postgres',
    url,
    applicationName,
    entities: [SigningKeyEntity],
    poolSize: 2,
    installExtensions: false,
  },
});
await dataSource.initialize();
const resealer = new SigningKeyResealer(new SigningKeyRepository(dataSource));
const { resealed, current, changed, unreadable } = await resealer.resealAll(encryptionKeys);
await dataSource.destroy();
process.stdout.write(
  `Signing keys: ${resealed} resealed, ${current} current, ${changed} changed meanwhile, ${unreadable} unreadable\n`,
);
if (unreadable > 0) process.exitCode = 1;
