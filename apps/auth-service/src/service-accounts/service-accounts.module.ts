import { Module } from '@nestjs/common';
import { RevocationsModule } from '../revocations/revocations.module.js';
import { ServiceAccountAuthenticator } from './service-account.authenticator.js';
import { ServiceAccountDirectory } from './service-account.directory.js';
import { ServiceAccountManager } from './service-account.manager.js';
import { ServiceAccountRepository } from './service-account.repository.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceSecretHasher } from './service-secret.hasher.js';
import { ServiceSecretManager } from './service-secret.manager.js';
import { ServiceSecretRepository } from './service-secret.repository.js';
import { SuiteServiceProvisioner } from './suite-service.provisioner.js';
import { SuiteServicesBootstrapper } from './suite-services.bootstrapper.js';

@Module({
  imports: [RevocationsModule],
  controllers: [ServiceAccountsController],
  providers: [
    ...[ServiceAccountAuthenticator, ServiceAccountDirectory, ServiceAccountManager],
    ...[ServiceAccountRepository, ServiceSecretHasher, ServiceSecretManager, ServiceSecretRepository],
    ...[SuiteServiceProvisioner, SuiteServicesBootstrapper],
  ],
  exports: [ServiceAccountAuthenticator],
})
export class ServiceAccountsModule {}
